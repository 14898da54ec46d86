import type { Command } from 'commander';
import { runAudit } from '../../../audit/audit.ts';
import { readConfiguration, type AuditConfiguration } from '../../../audit/configuration.ts';
import { sampleAudit } from '../../../audit/sample.ts';
import {
  configurationOf,
  withAuditOptions,
  withClassMap,
  type AuditOptions,
  type PhotographOptions,
} from '../audit-options.ts';
import { UsageError } from '../failure.ts';
import { withExamples } from '../options.ts';
import { conductAndReport } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { inWorkspace } from '../workspace.ts';

interface Options extends AuditOptions, PhotographOptions {
  sample?: boolean;
  config?: string;
}

export function addAudit(program: Command, open: () => Terminal): Command {
  const command = program
    .command('audit')
    .description(
      'make prototypes, compare them with photographs or rows, and keep all of it in a workspace',
    )
    .option(
      '--images <folder>',
      'photographs, one folder for each class; of a table a CSV file of rows',
    )
    .option('--config <file>', 'the audit as a YAML file, in place of the other options')
    .option('--sample', 'the bundled sample: two classifiers of coloured digits');
  return withExamples(withAuditOptions(withClassMap(command)), [
    'eidoscope audit --model resnet18.onnx --classes "academic gown,dalmatian" --images photos/ --workspace my-audit',
    'eidoscope audit --config audit.yaml --workspace my-audit --json > result.json',
    'eidoscope audit --sample --workspace sample',
  ]).action(async (options: Options, used: Command) => {
    await audit(wanted(options, used), options, open());
  });
}

function wanted(options: Options, used: Command): AuditConfiguration {
  const { sample, config, model } = options;
  const ways = [sample, config, model].filter((way) => way !== undefined).length;
  if (ways !== 1)
    throw new UsageError('Say what to audit: --model FILE, or --config FILE, or --sample.');
  if (model) return configurationOf(options, options);
  refuseChanges(used, config === undefined ? '--sample' : '--config');
  return config === undefined ? sampleAudit() : readConfiguration(config);
}

/** What may stand beside a whole audit: where to do it, and what to print. */
const BESIDE = new Set(['sample', 'config', 'workspace', 'out', 'engine', 'threads', 'json']);

/** An option that would change nothing is a mistake that would go unnoticed. */
function refuseChanges(used: Command, way: string): void {
  const named = used.options.find(
    (option) =>
      !BESIDE.has(option.attributeName()) &&
      used.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (!named) return;
  throw new UsageError(
    way === '--config'
      ? `${named.long} does not go with --config; write it into the file.`
      : `${named.long} does not go with --sample, which is a fixed audit.`,
  );
}

/** Runs an audit in a workspace and prints what came of it. */
export async function audit(
  configuration: AuditConfiguration,
  options: Pick<AuditOptions, 'workspace' | 'engine' | 'threads' | 'out'>,
  terminal: Terminal,
): Promise<void> {
  await inWorkspace(options.workspace, (workspace) =>
    conductAndReport(workspace, options, terminal, (context) => runAudit(configuration, context)),
  );
}
