import type { Command } from 'commander';
import { compareAudit } from '../../../audit/audit.ts';
import {
  openEngine,
  wholeNumber,
  withEngineOptions,
  withExamples,
  type EngineOptions,
} from '../options.ts';
import { summarise, summaryText } from '../summary.ts';
import type { Terminal } from '../terminal.ts';
import { inWorkspace } from '../workspace.ts';

interface Options extends EngineOptions {
  workspace: string;
  images: string;
  audit?: number;
}

export function addSimilarity(program: Command, open: () => Terminal): void {
  const command = program
    .command('similarity')
    .description('compare the prototypes of a workspace with photographs')
    .requiredOption('--workspace <folder>', 'where the prototypes are')
    .requiredOption('--images <folder>', 'photographs, one folder for each class')
    .option('--audit <n>', 'number of the audit (default: the last one)', wholeNumber(1));
  withExamples(withEngineOptions(command), [
    'eidoscope similarity --workspace my-audit --images photos/',
  ]).action(async (options: Options) => {
    const terminal = open();
    await inWorkspace(options.workspace, async (workspace) => {
      const outcome = await compareAudit(options.audit, options.images, {
        workspace,
        engine: await openEngine(options),
        signal: terminal.signal,
        onProgress: ({ done, total, label }) => terminal.progress.update(done, total, label),
        onNote: (note) => terminal.progress.note(note),
      });
      const summary = summarise(workspace, outcome);
      terminal.result(summary, () => summaryText(summary));
    });
  });
}
