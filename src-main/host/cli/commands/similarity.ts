import type { Command } from 'commander';
import { compareAudit } from '../../../audit/audit.ts';
import { readClassMap } from '../../../audit/configuration.ts';
import { withClassMap } from '../audit-options.ts';
import { wholeNumber, withEngineOptions, withExamples, type EngineOptions } from '../options.ts';
import { conductAndReport } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { inKnownWorkspace } from '../workspace.ts';

interface Options extends EngineOptions {
  workspace: string;
  images: string;
  classMap?: string;
  audit?: number;
}

export function addSimilarity(program: Command, open: () => Terminal): Command {
  const command = program
    .command('similarity')
    .description('compare the prototypes of a workspace with photographs or rows')
    .requiredOption('--workspace <folder>', 'where the prototypes are')
    .requiredOption(
      '--images <folder>',
      'photographs, one folder for each class; of a table a CSV file of rows',
    )
    .option('--audit <n>', 'number of the audit (default: the last one)', wholeNumber(1));
  return withExamples(withEngineOptions(withClassMap(command)), [
    'eidoscope similarity --workspace my-audit --images photos/',
    'eidoscope similarity --workspace my-audit --images photos/ --audit 2 --json > result.json',
  ]).action(async (options: Options) => {
    const terminal = open();
    const { images, classMap } = options;
    const photographs = {
      images,
      ...(classMap !== undefined && { classMap: readClassMap(classMap) }),
    };
    await inKnownWorkspace(options.workspace, (workspace) =>
      conductAndReport(workspace, options, terminal, (context) =>
        compareAudit(options.audit, photographs, context),
      ),
    );
  });
}
