import { InvalidArgumentError, Option, type Command } from 'commander';
import { parse } from 'yaml';
import { auditRequestSchema, profileNames } from '../../api/request.ts';
import {
  parseConfiguration,
  readClassMap,
  type AuditConfiguration,
} from '../../audit/configuration.ts';
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
      .option('--model <file>', 'classifier file or folder; may be given several times', collect)
      .option(
        '--classes <list>',
        'names, indices and ranges such as 10-19, separated by commas; a number is an index',
        'all',
      )
      .requiredOption(
        '--workspace <folder>',
        'where everything is kept; made when it is not there',
      ),
  )
    .option(
      '--profile <list>',
      'paper (natural), fourier (recognisable), or both, separated by a comma',
      profiles,
      ['paper'],
    )
    .option('--prototypes <n>', 'prototypes of each class and profile', wholeNumber(1), 1)
    .option('--seed <n>', 'of everything random', wholeNumber(0), 0)
    .option(
      '--set <option=value>',
      'an option of the method, such as steps=256 or affine.rotation=15',
      assign,
      {},
    )
    .addOption(oneOf('layers', '--layers <set>', 'layers to compare', 'modules'))
    .addOption(
      oneOf(
        'natural',
        '--natural <which>',
        'photographs or rows that count: those that the model predicts as the class, or all of its folder',
        'predicted',
      ),
    )
    .option('--no-controls', 'make no controls that cost time: plain maximisation, another class')
    .option('--out <folder>', 'also write the prototypes there as PNG and raw float32');
  return withEngineOptions(command);
}

export interface PhotographOptions {
  images?: string;
  classMap?: string;
}

/** What goes with `--images`. */
export const withClassMap = (command: Command): Command =>
  command.option(
    '--class-map <file>',
    'YAML or JSON that says which class a folder shows, by the name or WordNet id of the folder',
  );

/** @throws AuditError when the file with the classes of the folders cannot be read */
const photographsOf = ({ images, classMap }: PhotographOptions) => ({
  ...(images !== undefined && { images }),
  ...(classMap !== undefined && { classMap: readClassMap(classMap) }),
});

const collect = (file: string, files: string[] = []): string[] => [...files, file];

/** An option whose values the audit's own schema lists. */
const oneOf = (
  key: 'layers' | 'natural',
  flags: string,
  description: string,
  usual: string,
): Option =>
  new Option(flags, description)
    .choices(auditRequestSchema.shape[key].unwrap().options)
    .default(usual);

function profiles(text: string): string[] {
  const names = text.split(',').map((part) => part.trim());
  const known: readonly string[] = profileNames;
  if (names.every((name) => known.includes(name))) return names;
  throw new InvalidArgumentError(`There are the profiles ${known.join(' and ')}.`);
}

/** `affine.rotation=15` into { affine: { rotation: 15 } }; values are YAML. */
function assign(text: string, options: Record<string, unknown>): Record<string, unknown> {
  const [, path, value] = /^(\w+(?:\.\w+)*)=(.+)$/s.exec(text) ?? [];
  if (path === undefined) throw new InvalidArgumentError(ASSIGNMENT);
  const [head, ...rest] = path.split('.');
  const leaf = valueOf(value);
  const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf);
  const before = options[head];
  const joined = isGroup(before) && isGroup(nested) ? { ...before, ...nested } : nested;
  return { ...options, [head]: joined };
}

function valueOf(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' }) as unknown;
  } catch {
    throw new InvalidArgumentError(ASSIGNMENT);
  }
}

const ASSIGNMENT = 'It must be option=value, such as steps=256 or affine.scale=[0.9,1.1].';

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The audit that the options describe. @throws AuditError that names the option that does not fit */
export function configurationOf(
  options: AuditOptions,
  photographs: PhotographOptions = {},
): AuditConfiguration {
  const { classes, prototypes, seed, layers, natural, controls } = options;
  const how = modelOptionsOf(options);
  return parseConfiguration(
    {
      models: (options.model ?? []).map((path) => ({ path, ...how })),
      ...{ classes, prototypes, seed, layers, natural, controls },
      ...photographsOf(photographs),
      profiles: options.profile,
      options: options.set,
    },
    'The audit',
  );
}
