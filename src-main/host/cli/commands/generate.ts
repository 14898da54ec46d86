import type { Command } from 'commander';
import { configurationOf, withAuditOptions, type AuditOptions } from '../audit-options.ts';
import { UsageError } from '../failure.ts';
import { withExamples } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { audit } from './audit.ts';

export function addGenerate(program: Command, open: () => Terminal): Command {
  const command = program
    .command('generate')
    .description('make prototypes; "similarity" compares them with photographs or rows later');
  return withExamples(withAuditOptions(command), [
    'eidoscope generate --model resnet18.onnx --classes "dalmatian,327" --workspace my-audit --out pictures',
    'eidoscope generate --model m.onnx --classes 0-1 --profile paper,fourier --prototypes 3 --set steps=128 --workspace w',
  ]).action(async (options: AuditOptions) => {
    if (!options.model?.length) throw new UsageError('Say whose prototypes to make: --model FILE.');
    await audit(configurationOf(options), options, open());
  });
}
