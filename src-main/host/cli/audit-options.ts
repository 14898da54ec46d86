import { InvalidArgumentError, type Command } from 'commander';
import { parse } from 'yaml';
import { parseConfiguration, type AuditConfiguration } from '../../audit/configuration.ts';
import {
  modelOptionsOf,
  wholeNumber,
  withEngineOptions,
  withModelOptions,
  type EngineOptions,
  type ModelOptions,
} from './options.ts';

/** What `audit` and `generate` share. */
export interface AuditOptions extends ModelOptions, EngineOptions {
  model?: string[];
  classes: string;
  workspace: string;
  profile: string[];
  prototypes: number;
  seed: number;
  set: Record<string, unknown>;
  layers: string;
  natural: string;
  controls: boolean;
  out?: string;
}

export function withAuditOptions(command: Command): Command {
  withModelOptions(
    command
      .option('--model <file>', 'ONNX classifier; may be given several times', collect)
      .option('--classes <list>', 'names, indices and ranges, separated by commas', 'all')
      .requiredOption(
        '--workspace <folder>',
        'where everything is kept; made when it is not there',
      ),
  )
    .option('--profile <list>', 'paper (natural), fourier (recognisable), or both', list, ['paper'])
    .option('--prototypes <n>', 'prototypes of each class and profile', wholeNumber(1), 1)
    .option('--seed <n>', 'of everything random', wholeNumber(0), 0)
    .option(
      '--set <option=value>',
      'an option of the method, such as steps=256 or affine.rotation=15',
      assign,
      {},
    )
    .option('--layers <set>', 'modules, leaf, conv or block', 'modules')
    .option(
      '--natural <which>',
      'photographs that count: predicted as the class, or all labelled',
      'predicted',
    )
    .option('--no-controls', 'leave out noise, grey, other classes and plain maximisation')
    .option('--out <folder>', 'also write the prototypes there as PNG and raw float32');
  return withEngineOptions(command);
}

const collect = (file: string, files: string[] = []): string[] => [...files, file];
const list = (text: string): string[] => text.split(',').map((part) => part.trim());

/** `affine.rotation=15` into { affine: { rotation: 15 } }; values are YAML. */
function assign(text: string, options: Record<string, unknown>): Record<string, unknown> {
  const [, path, value] = /^([\w.]+)=(.+)$/s.exec(text) ?? [];
  if (path === undefined)
    throw new InvalidArgumentError('It must be option=value, such as steps=256.');
  const [head, ...rest] = path.split('.');
  const leaf: unknown = parse(value);
  const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf);
  const before = options[head];
  const joined = isGroup(before) && isGroup(nested) ? { ...before, ...nested } : nested;
  return { ...options, [head]: joined };
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The audit that the options describe. @throws AuditError that names the option that does not fit */
export function configurationOf(options: AuditOptions, images?: string): AuditConfiguration {
  const { classes, prototypes, seed, layers, natural, controls } = options;
  const how = modelOptionsOf(options);
  return parseConfiguration(
    {
      models: (options.model ?? []).map((path) => ({ path, ...how })),
      ...{ classes, prototypes, seed, layers, natural, controls },
      ...(images !== undefined && { images }),
      profiles: options.profile,
      options: options.set,
    },
    'This',
  );
}
