import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addBench } from './commands/bench.ts';
import { addGenerate } from './commands/generate.ts';
import { addGradient } from './commands/gradient.ts';
import { addInspect } from './commands/inspect.ts';
import { addSimilarity } from './commands/similarity.ts';
import { exitCodes, explain } from './failure.ts';
import { openTerminal } from './terminal.ts';
import { versions } from '../../audit/versions.ts';

const codes = `
Exit codes:
  0 done   2 wrong usage   3 bad model, class, image or option   4 workspace or disk
  5 engine   1 a fault of Eidoscope   130 stopped (run the same command again to go on)`;

const commands = [addInspect, addGradient, addGenerate, addSimilarity, addAudit, addBench];

function programOf(signal: AbortSignal): Command {
  const program = new Command('eidoscope')
    .description(
      'Shows what an image classifier believes a class looks like, and how naturally it sees it.',
    )
    .version(versions.eidoscope)
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', codes);
  for (const add of commands) add(program, () => openTerminal(wantsJson, signal));
  let wantsJson = false;
  for (const command of program.commands) {
    command.option('--json', 'print the result as JSON').exitOverride();
  }
  program.hook('preAction', (_program, command) => {
    wantsJson = command.opts<{ json?: boolean }>().json ?? false;
  });
  return program.exitOverride();
}

/** The first Ctrl-C lets work end in order, within a step; the second ends the process. */
function stoppedByUser(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      process.stderr.write('\nStopping; the same command goes on from here later.\n');
      const reason = new Error('Stopped; run the same command again to go on.');
      reason.name = 'AbortError';
      controller.abort(reason);
    });
  }
  return controller.signal;
}

async function main(): Promise<number> {
  try {
    await programOf(stoppedByUser()).parseAsync();
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    // Commander has printed its own words: help and version end well, everything else is wrong usage.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { code, text } = explain(error);
    process.stderr.write(`${text}\n`);
    return code;
  }
}

// Native threads would keep the process alive although all is said.
process.exit(await main());
