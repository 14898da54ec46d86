import { z } from 'zod';
import type { Method, Option, Profile } from '../api/method.ts';
import { presetNames } from '../classifier/preprocessing.ts';
import { configurationSchema, PROFILES, resolveConfiguration } from '../prototype/configuration.ts';

/** Choices that an audit makes itself. */
const OWN = new Set(['profile', 'prototypes', 'seed']);

interface Described {
  readonly type: string;
  readonly description?: string;
  readonly unit?: string;
  readonly source?: Option['source'];
  readonly enum?: string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly prefixItems?: readonly Described[];
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Every option of prototype generation, as the schema of its configuration describes it, and what profiles choose. */
export function methodAnswer(): Method {
  const { properties } = z.toJSONSchema(configurationSchema) as unknown as Described;
  const options = optionsOf(properties!).filter(({ name }) => !OWN.has(name));
  return {
    options,
    profiles: PROFILES.map((name) => profileOf(name, options)),
    preprocessing: [...presetNames],
  };
}

/** Groups are told apart by a dot. */
function optionsOf(properties: Readonly<Record<string, Described>>, prefix = ''): Option[] {
  return Object.entries(properties).flatMap(([name, found]) =>
    found.properties
      ? optionsOf(found.properties, `${prefix}${name}.`)
      : [optionOf(`${prefix}${name}`, found)],
  );
}

function optionOf(name: string, found: Described): Option {
  const limits = found.prefixItems?.[0] ?? found;
  return {
    name,
    description: found.description ?? '',
    unit: found.unit ?? '',
    source: found.source ?? 'ours',
    kind: kindOf(found),
    least: limits.minimum ?? limits.exclusiveMinimum,
    most: limits.maximum,
    choices: found.enum,
  };
}

function kindOf({ type, enum: choices }: Described): Option['kind'] {
  if (choices) return 'choice';
  if (type === 'array') return 'pair';
  return type === 'boolean' || type === 'integer' ? type : 'number';
}

function profileOf(name: (typeof PROFILES)[number], options: readonly Option[]): Profile {
  const configuration: unknown = resolveConfiguration(name);
  const valueOf = (path: string): unknown =>
    path.split('.').reduce((value, key) => (value as Record<string, unknown>)[key], configuration);
  const values = options.map((option) => [option.name, valueOf(option.name)]);
  return { name, values: Object.fromEntries(values) as Profile['values'] };
}
