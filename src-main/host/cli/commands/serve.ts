import type { Command } from 'commander';
import { serveWorkspace } from '../../web/serve.ts';
import { wholeNumber, withEngineOptions, withExamples, type EngineOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  workspace: string;
  port?: number;
  readOnly?: boolean;
}

/** `serve`: the studio in a browser, for machines without a display; a tunnel brings its port to another one. */
export function addServe(program: Command, open: () => Terminal): Command {
  const command = program
    .command('serve')
    .description('open the studio of a workspace on the loopback address, for a browser')
    .requiredOption('--workspace <folder>', 'what to show; created when it is not there')
    .option('--port <n>', 'port (default: a free one)', wholeNumber(1, 65_535))
    .option('--read-only', 'show the workspace without writing to it');
  return withExamples(withEngineOptions(command), [
    'eidoscope serve --workspace my-audit',
    'ssh -L 4571:127.0.0.1:4571 gpu-server eidoscope serve --workspace my-audit --port 4571',
  ]).action(async (options: Options) => {
    const terminal = open();
    // What is not named is up to the settings, which an option's default would overrule.
    const isNamed = command.getOptionValueSource('engine') === 'cli';
    const studio = await serveWorkspace({ ...options, ...(!isNamed && { engine: undefined }) });
    const { origin, link } = studio;
    await terminal.result(
      { origin, link },
      () => `The studio is open at\n\n  ${link}\n\nCtrl-C stops it.`,
    );
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    await studio.close();
  });
}
