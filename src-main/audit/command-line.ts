import { stringify } from 'yaml';
import { auditRequestSchema } from '../api/request.ts';
import type { AuditConfiguration, AuditModel } from './configuration.ts';

/** An audit as `eidoscope audit` takes it. */
export interface Spelled {
  /** For a POSIX shell. */
  readonly command: string;
  /** Content of a file for `--config`. */
  readonly yaml: string;
  /** Whether the command needs that file. */
  readonly needsFile: boolean;
}

const FILE = 'audit.yaml';

/** How an audit is asked for on the command line, word for word the same one. */
export function spell(audit: AuditConfiguration, workspace: string): Spelled {
  const options = optionsOf(audit);
  const words = options ?? ['--config', FILE];
  const command = ['npx', 'eidoscope', 'audit', ...words, '--workspace', workspace];
  return {
    command: command.map(quoted).join(' '),
    yaml: stringify(withoutEmpty(audit), { lineWidth: 0 }),
    needsFile: options === undefined,
  };
}

/** @returns undefined where options cannot say it: profiles with options of their own, folders with classes, models that are read differently */
function optionsOf(audit: AuditConfiguration): string[] | undefined {
  const how = sharedHow(audit.models);
  const profiles = audit.profiles.filter((entry) => typeof entry === 'string');
  if (!how || audit.classMap || profiles.length < audit.profiles.length) return undefined;
  const { classes, images, prototypes, seed, layers, natural, controls } = audit;
  const usual = auditRequestSchema.parse({ models: audit.models });
  const given = (flag: string, value: unknown, standard: unknown): string[] =>
    value === standard ? [] : [flag, String(value)];
  return [
    ...audit.models.flatMap(({ path }) => ['--model', path]),
    ...how,
    ...given('--classes', classes, usual.classes),
    ...given('--images', images, undefined),
    ...['--profile', profiles.join(',')],
    ...given('--prototypes', prototypes, usual.prototypes),
    ...given('--seed', seed, usual.seed),
    ...leavesOf(audit.options).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...given('--layers', layers, usual.layers),
    ...given('--natural', natural, usual.natural),
    ...(controls ? [] : ['--no-controls']),
  ];
}

/** Options of all models alike. */
function sharedHow(models: readonly AuditModel[]): string[] | undefined {
  const each = models.map(({ path: _path, ...how }) => how);
  if (new Set(each.map((how) => JSON.stringify(how))).size > 1) return undefined;
  const [{ images, size, ...texts }] = each;
  if (images !== undefined) return undefined;
  return [
    ...Object.entries(texts).flatMap(([name, value]) => [`--${name}`, value]),
    ...(size ? ['--size', size.join(',')] : []),
  ];
}

/** `affine.rotation` and its value as YAML, of everything that is set. */
function leavesOf(options: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leavesOf(value as Record<string, unknown>, `${prefix}${name}.`)
      : [[`${prefix}${name}`, JSON.stringify(value)] satisfies [string, string]],
  );
}

const withoutEmpty = ({ options, ...audit }: AuditConfiguration) => ({
  ...audit,
  ...(Object.keys(options).length > 0 && { options }),
});

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
