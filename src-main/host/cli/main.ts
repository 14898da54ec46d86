import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addBench } from './commands/bench.ts';
import { addEngines } from './commands/engines.ts';
import { addGenerate } from './commands/generate.ts';
import { addGradient } from './commands/gradient.ts';
import { addInspect } from './commands/inspect.ts';
import { addReport } from './commands/report.ts';
import { addSelfTest } from './commands/selftest.ts';
import { addServe } from './commands/serve.ts';
import { addSimilarity } from './commands/similarity.ts';
import { addTidy } from './commands/tidy.ts';
import { addVerify } from './commands/verify.ts';
import { exitCodes, explain } from './failure.ts';
import { complain, openTerminal } from './terminal.ts';
import { versions } from '../../audit/versions.ts';

const codes = `
Exit codes:
  0 done   2 wrong usage   3 bad model, class, image or option   4 workspace, disk or output
  5 engine   6 some prototypes failed, or a PDF could not be made
  1 verify found a difference, a self-test failed, or a fault of Eidoscope
  130 stopped (run the same command again to go on)`;

const commands = [
  addInspect,
  addSelfTest,
  addGradient,
  addGenerate,
  addSimilarity,
  addAudit,
  addReport,
  addVerify,
  addTidy,
  addServe,
  addEngines,
  addBench,
];

function programOf(): Command {
  let json = false;
  const program = new Command('eidoscope')
    .description(
      'Shows what an image classifier believes a class looks like, and how naturally it sees it.',
    )
    .version(versions.eidoscope)
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', codes)
    .exitOverride()
    .hook('preAction', (_program, command) => {
      json = command.opts<{ json?: boolean }>().json ?? false;
    });
  for (const add of commands) {
    add(program, () => openTerminal(json)).option('--json', 'print the result as JSON');
  }
  return program;
}

async function main(): Promise<number> {
  // Nobody is left to be told where standard error is closed.
  process.stderr.on('error', () => undefined);
  try {
    await programOf().parseAsync();
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    // Commander has printed its own words: help and version end well, everything else is wrong usage.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { code, text } = explain(error);
    complain(text);
    return code;
  }
}

// Native threads would keep the process alive although all is said.
process.exit(await main());
