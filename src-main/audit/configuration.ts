import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { AuditError } from './errors.ts';

const modelSchema = z.strictObject({
  path: z.string().min(1).describe('model file; relative to the folder of the configuration file'),
  preprocessing: z
    .string()
    .optional()
    .describe('preset (imagenet, caffe, unit, raw, tf) or a JSON file'),
  labels: z.string().optional().describe('file with one class name a line'),
  output: z
    .string()
    .optional()
    .describe('name of the output to audit, where the model has several'),
  size: z
    .tuple([z.int().positive(), z.int().positive()])
    .optional()
    .describe('height and width in pixels, where the model leaves them free'),
  images: z.string().optional().describe('photographs for this model alone, in place of `images`'),
});

const profileName = z.enum(['paper', 'fourier']);
const options = z
  .record(z.string(), z.unknown())
  .describe('options of prototype generation that differ from the profile, such as `steps`');

/** What an audit may be told; every key has a default but `models`. */
export const auditSchema = z.strictObject({
  models: z.array(modelSchema).min(1).describe('classifiers to audit'),
  classes: z
    .string()
    .min(1)
    .default('all')
    .describe('names, indices and ranges, separated by commas'),
  images: z.string().optional().describe('folder with one folder of photographs for each class'),
  profiles: z
    .array(z.union([profileName, z.strictObject({ profile: profileName, options })]))
    .min(1)
    .default(['paper'])
    .refine((list) => new Set(list.map(nameOf)).size === list.length, 'names a profile twice')
    .describe(
      'how prototypes are made: `paper` keeps to the natural path, `fourier` to what people recognise',
    ),
  prototypes: z.int().min(1).max(1000).default(1).describe('prototypes of each class and profile'),
  seed: z.int().min(0).default(0).describe('of everything random'),
  options: options.default({}),
  layers: z
    .enum(['modules', 'leaf', 'conv', 'block'])
    .default('modules')
    .describe('layers to compare'),
  natural: z
    .enum(['predicted', 'labelled'])
    .default('predicted')
    .describe(
      'natural images of a class: those that the model itself predicts as it, or all of its folder',
    ),
  controls: z
    .boolean()
    .default(true)
    .describe('whether to score noise, grey, other classes and plain maximisation'),
});

export type AuditConfiguration = z.output<typeof auditSchema>;
const nameOf = (entry: z.output<typeof profileName> | { profile: string }): string =>
  typeof entry === 'string' ? entry : entry.profile;

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

/** @throws AuditError that names the first key that does not fit and what would. */
export function parseConfiguration(value: unknown, source: string): AuditConfiguration {
  const parsed = auditSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue.path.join('.');
  throw new AuditError(
    `${source} is no audit that Eidoscope can run: ${key ? `${key}: ` : ''}${issue.message}.`,
  );
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AuditError(
      `The audit file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      { cause: error },
    );
  }
  try {
    return parse(text);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0].replace(/:$/, '');
    throw new AuditError(`The audit file ${path} is not YAML: ${reason}.`, { cause: error });
  }
}

function locateModel(model: AuditModel, locate: (file: string) => string): AuditModel {
  const located = { ...model, path: locate(model.path) };
  if (model.labels !== undefined) located.labels = locate(model.labels);
  if (model.images !== undefined) located.images = locate(model.images);
  // A preset is a bare word; anything that looks like a file is one.
  if (model.preprocessing?.endsWith('.json')) located.preprocessing = locate(model.preprocessing);
  return located;
}
