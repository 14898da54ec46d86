import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { isPresetName } from '../classifier/preprocessing.ts';
import { inWords } from '../classifier/wording.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { resolveConfiguration, type Configuration } from '../prototype/configuration.ts';
import { configurationFor } from '../prototype/medium.ts';
import { auditRequestSchema, type AuditRequest } from '../api/request.ts';
import { AuditError } from './errors.ts';

export type AuditConfiguration = AuditRequest;
export type AuditModel = AuditConfiguration['models'][number];

/**
 * Reads an audit from a YAML (or JSON) file; paths in it are relative to its folder.
 * @throws AuditError in one sentence when the file cannot be read or says something unknown
 */
export function readConfiguration(path: string): AuditConfiguration {
  const folder = dirname(resolve(path));
  const configuration = parseConfiguration(readYaml(path), path);
  const locate = (file: string): string => resolve(folder, file);
  return {
    ...configuration,
    ...(configuration.images === undefined ? {} : { images: locate(configuration.images) }),
    models: configuration.models.map((model) => locateModel(model, locate)),
  };
}

/**
 * Checks an audit from outside, the options of its profiles included.
 * @param source what to call it where it does not fit
 * @throws AuditError or PrototypeError that names the first key that does not fit and what would
 */
export function parseConfiguration(value: unknown, source: string): AuditConfiguration {
  const parsed = auditRequestSchema.safeParse(value, { error: inWords });
  if (parsed.success) {
    for (const entry of parsed.data.profiles) generationOf(parsed.data, entry);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const key = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new AuditError(`${source} cannot be run: ${key}${issue.message}.`);
}

/** Choices that an audit makes itself, and that are therefore not among the options of prototype generation. */
const OWN = ['profile', 'prototypes', 'seed'];

/**
 * How prototypes of a profile are made: the profile's choices, changed by the options of the audit, and those by the
 * options of the profile's own entry.
 * @param classifier that they are made of; what it takes decides how. Absent where only the options are checked
 * @throws AuditError, or PrototypeError `bad-configuration`, that names the option that does not fit
 */
export function generationOf(
  audit: AuditConfiguration,
  entry: AuditConfiguration['profiles'][number],
  classifier?: Pick<Classifier, 'name' | 'features'>,
): Configuration {
  const { profile, options } = typeof entry === 'string' ? { profile: entry, options: {} } : entry;
  const { seed, prototypes } = audit;
  const given = { ...audit.options, ...options };
  const own = OWN.find((name) => name in given);
  if (own !== undefined) {
    throw new AuditError(`The ${own} of an audit is no option of the method; give it by itself.`);
  }
  const overrides = { ...given, seed, prototypes };
  return classifier
    ? configurationFor(classifier, profile, overrides)
    : resolveConfiguration(profile, overrides);
}

/**
 * Reads which class each folder of photographs shows from a YAML (or JSON) file.
 * @throws AuditError in one sentence
 */
export function readClassMap(path: string): NonNullable<AuditConfiguration['classMap']> {
  const found = auditRequestSchema.shape.classMap.unwrap().safeParse(readYaml(path));
  if (found.success) return found.data;
  throw new AuditError(
    `${path} must name a class, by name or index, for each folder, such as {"n02669723": "academic gown"}.`,
  );
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AuditError(
      `The file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      { cause: error },
    );
  }
  try {
    return parse(text);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0].replace(/:$/, '');
    throw new AuditError(`The file ${path} is not YAML: ${reason}.`, { cause: error });
  }
}

function locateModel(model: AuditModel, locate: (file: string) => string): AuditModel {
  const located = { ...model, path: locate(model.path) };
  if (model.labels !== undefined) located.labels = locate(model.labels);
  if (model.features !== undefined) located.features = locate(model.features);
  if (model.images !== undefined) located.images = locate(model.images);
  if (model.preprocessing !== undefined && !isPresetName(model.preprocessing)) {
    located.preprocessing = locate(model.preprocessing);
  }
  return located;
}
