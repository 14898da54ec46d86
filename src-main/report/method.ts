import { z } from 'zod';
import type { Report } from '../api/report.ts';
import type { AuditRecord } from '../store/audits.ts';
import { canonicalJson } from '../store/json.ts';
import type { RunRecord } from '../store/run-reader.ts';
import { methodAnswer } from './options.ts';

/** What was asked for, as far as a report tells of it. */
const requestSchema = z.object({
  classes: z.string().default('all'),
  layers: z.string().default('modules'),
  natural: z.string().default('predicted'),
  controls: z.boolean().default(true),
  seed: z.int().default(0),
  prototypes: z.int().default(1),
});
const recordSchema = z.object({ request: requestSchema.default(requestSchema.parse({})) });

type Method = Report['method'];
type Option = Method['profiles'][number]['options'][number];

/** How the prototypes were made and compared: every choice, beside what the profile chooses by itself. */
export function methodOf(audit: AuditRecord, runs: readonly RunRecord[]): Method {
  const { request } = recordSchema.parse(audit.configuration);
  const same = Map.groupBy(runs, ({ profile, configuration }) =>
    canonicalJson([profile, configuration]),
  );
  const profiles = [...same.values()].map((group) => ({
    profile: group[0].profile,
    models: [...new Set(group.map(({ modelId }) => modelId))],
    options: optionsOf(group[0]),
  }));
  return { ...request, profiles };
}

function optionsOf({ profile, configuration }: RunRecord): Option[] {
  const { options, profiles } = methodAnswer();
  const defaults = profiles.find(({ name }) => name === profile)?.values ?? {};
  return options.map(({ name, description, unit, source }) => {
    const value = at(configuration, name);
    const usual = defaults[name];
    const differs = value !== undefined && canonicalJson(value) !== canonicalJson(usual);
    return { ...{ name, value, default: usual, differs, source, unit, description } };
  });
}

/** A value in a group of options. @param name with dots */
function at(configuration: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce((group, key) => (group as Record<string, unknown> | undefined)?.[key], configuration);
}
