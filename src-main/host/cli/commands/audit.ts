import { resolve } from 'node:path';
import type { Command } from 'commander';
import { runAudit } from '../../../audit/audit.ts';
import { readConfiguration, type AuditConfiguration } from '../../../audit/configuration.ts';
import { sampleAudit } from '../../../audit/sample.ts';
import { configurationOf, withAuditOptions, type AuditOptions } from '../audit-options.ts';
import { UsageError } from '../failure.ts';
import { openEngine, withExamples } from '../options.ts';
import { summarise, summaryText } from '../summary.ts';
import type { Terminal } from '../terminal.ts';
import { inWorkspace } from '../workspace.ts';

interface Options extends AuditOptions {
  images?: string;
  sample?: boolean;
  config?: string;
}

export function addAudit(program: Command, open: () => Terminal): void {
  const command = program
    .command('audit')
    .description(
      'make prototypes, compare them with photographs, and keep all of it in a workspace',
    )
    .option('--images <folder>', 'photographs, one folder for each class')
    .option('--config <file>', 'the audit as a YAML file, in place of the other options')
    .option('--sample', 'the bundled sample: two classifiers of coloured digits');
  withExamples(withAuditOptions(command), [
    'eidoscope audit --model resnet18.onnx --classes "academic gown,dalmatian" --images photos/ --workspace my-audit',
    'eidoscope audit --config audit.yaml --workspace my-audit --json > result.json',
    'eidoscope audit --sample --workspace sample',
  ]).action(async (options: Options) => {
    await audit(wanted(options), options, open());
  });
}

function wanted(options: Options): AuditConfiguration {
  const ways = [options.sample, options.config, options.model?.length].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError('Say what to audit: --model FILE, or --config FILE, or --sample.');
  if (options.sample) return sampleAudit();
  return options.config
    ? readConfiguration(options.config)
    : configurationOf(options, options.images);
}

/** Runs an audit in a workspace and prints what came of it. */
export async function audit(
  configuration: AuditConfiguration,
  options: Pick<AuditOptions, 'workspace' | 'engine' | 'threads' | 'out'>,
  terminal: Terminal,
): Promise<void> {
  await inWorkspace(options.workspace, async (workspace) => {
    const outcome = await runAudit(configuration, {
      workspace,
      engine: await openEngine(options),
      signal: terminal.signal,
      onProgress: ({ done, total, label }) => terminal.progress.update(done, total, label),
      onNote: (note) => terminal.progress.note(note),
    });
    const summary = summarise(workspace, outcome, options.out && resolve(options.out));
    terminal.result(summary, () => summaryText(summary));
    if (outcome.failed > 0) process.exitCode = 3;
  });
}
