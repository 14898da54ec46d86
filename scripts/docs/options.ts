import { z } from 'zod';
import {
  configurationSchema,
  PROFILES,
  resolveConfiguration,
  type Profile,
} from '../../src-main/prototype/configuration.ts';

/** What JSON Schema keeps of an option: its own words, unit and source, and what it may be. */
interface Option {
  readonly description?: string;
  readonly unit?: string;
  readonly source?: 'fixed' | 'ours';
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly prefixItems?: readonly Option[];
  readonly properties?: Readonly<Record<string, Option>>;
}

/** Every option of prototype generation with its default in each profile, as a Markdown table. */
export function optionTable(): string {
  const schema = z.toJSONSchema(configurationSchema) as Option;
  const rows = leaves(schema)
    .filter(([path]) => path !== 'profile')
    .map(([path, option]) => {
      const defaults = PROFILES.map((profile) => shown(defaultOf(profile, path)));
      const { description, unit, source } = option;
      return [`\`${path}\``, description, unit, allowed(option), ...defaults, source];
    });
  const profiles = PROFILES.map((profile) => `\`${profile}\``);
  return table(['option', 'meaning', 'unit', 'allowed', ...profiles, 'source'], rows);
}

/** Options without options in them, by path: `affine.scale`. */
function leaves(option: Option, path = ''): [path: string, option: Option][] {
  if (!option.properties) return [[path, option]];
  return Object.entries(option.properties).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}

function defaultOf(profile: Profile, path: string): unknown {
  const whole: unknown = resolveConfiguration(profile);
  return path.split('.').reduce((value, name) => (value as Record<string, unknown>)[name], whole);
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

function allowed(option: Option): string {
  if (option.enum) return option.enum.map((value) => `\`${value}\``).join(', ');
  if (option.prefixItems) return `two: each ${allowed(option.prefixItems[0])}`;
  if (option.type === 'boolean') return '`true`, `false`';
  const { minimum, exclusiveMinimum, maximum } = option;
  const from = minimum === undefined ? `above ${exclusiveMinimum}` : `from ${minimum}`;
  const to = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return from + to;
}

export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
