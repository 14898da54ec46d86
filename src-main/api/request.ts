import { z } from 'zod';
import { pathSchema } from './value.ts';

/** A classifier file, and how it is to be understood where it does not say so itself. */
export const modelRequestSchema = z.strictObject({
  path: pathSchema.describe('model file; relative to the folder of the configuration file'),
  preprocessing: z
    .string()
    .optional()
    .describe('preset (imagenet, caffe, unit, raw, tf) or a JSON file'),
  labels: pathSchema.optional().describe('file with one class name a line'),
  output: z
    .string()
    .optional()
    .describe('name of the output to audit, where the model has several'),
  signature: z
    .string()
    .min(1)
    .optional()
    .describe('which network of a SavedModel, where none is called `serving_default`'),
  size: z
    .tuple([z.int().positive(), z.int().positive()])
    .optional()
    .describe('height and width in pixels, where the model leaves them free'),
  features: pathSchema
    .optional()
    .describe('JSON or CSV file that describes the features, of a table without a sidecar'),
});

const auditModel = modelRequestSchema.extend({
  images: pathSchema.optional().describe('photographs for this model alone, in place of `images`'),
});

/** Profiles that prototypes of an audit can have. */
export const profileNames = ['paper', 'fourier'] as const;

const profileName = z.enum(profileNames);
const options = z
  .record(z.string(), z.unknown())
  .describe('options of prototype generation that differ from the profile, such as `steps`');
const nameOf = (entry: z.output<typeof profileName> | { profile: string }): string =>
  typeof entry === 'string' ? entry : entry.profile;

/** What an audit may be told; every key has a default but `models`. */
export const auditRequestSchema = z.strictObject({
  models: z.array(auditModel).min(1).describe('classifiers to audit'),
  classes: z
    .string()
    .min(1)
    .default('all')
    .describe('names, indices and ranges, separated by commas'),
  images: pathSchema.optional().describe('folder with one folder of photographs for each class'),
  classMap: z
    .record(z.string(), z.union([z.int().min(0), z.string().min(1)]))
    .optional()
    .describe('class that a folder of photographs shows, where its name does not tell'),
  profiles: z
    .array(z.union([profileName, z.strictObject({ profile: profileName, options })]))
    .min(1)
    .default(['paper'])
    .refine((list) => new Set(list.map(nameOf)).size === list.length, 'it names a profile twice')
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
    .describe('whether to make the controls that cost time: plain maximisation, another class'),
});

export type ModelRequest = z.output<typeof modelRequestSchema>;
export type AuditRequest = z.output<typeof auditRequestSchema>;
