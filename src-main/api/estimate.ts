import { z } from 'zod';
import { idSchema, stateSchema } from './value.ts';

/** What is wrong with an audit that is being put together, and where it is to be shown. */
const problemSchema = z.object({
  /** Key of the request, such as `classes`; `options.PROFILE.OPTION` for an option of the method. */
  field: z.string(),
  /** One sentence. */
  message: z.string(),
});

/** An audit as it stands, before its models are read. */
export const checkSchema = z.object({
  problems: z.array(problemSchema),
  /** The same audit for pipelines; absent while there are problems. */
  pipeline: z
    .object({
      /** What to type in a POSIX shell. */
      command: z.string(),
      /** Content of a file for `--config`. */
      yaml: z.string(),
      /** Whether the command needs that file: its options alone cannot say all of it. */
      needsFile: z.boolean(),
    })
    .optional(),
});

/** From the least to the most that is likely. */
const rangeSchema = z.object({ least: z.number().min(0), most: z.number().min(0) });

/** Bytes that an audit adds to the workspace. */
const bytesSchema = z.object({
  /** Finished prototypes as PNG. */
  images: rangeSchema,
  /** Their values as float32. */
  tensors: rangeSchema,
  snapshots: rangeSchema,
  /** What is kept of the natural images, so that they are measured once. */
  evidence: rangeSchema,
  database: rangeSchema,
});

/** How fast a model's prototypes are made, and how that is known. */
const speedSchema = z.object({
  model: z.string(),
  profile: z.string(),
  /** Milliseconds of a step. */
  step: rangeSchema,
  /** `runs`: from prototypes made before; `trial`: from a short trial, now or earlier. */
  from: z.enum(['runs', 'trial']),
  /** Images that run together, and whether that is a guess: it is measured when the audit begins. */
  batch: z.object({ images: z.int(), guessed: z.boolean() }),
});

const workSchema = z.object({
  /** Of all models, classes and profiles. */
  prototypes: z.int(),
  /** Images of plain maximisation, made as controls. */
  controls: z.int(),
  snapshots: z.int(),
  /** Steps of stage 2 of all of them. */
  steps: z.int(),
  /** Steps of stage 1, which ends early as a rule. */
  baselineSteps: rangeSchema,
  /** Photographs that are read, each once for each model. */
  naturalImages: z.int(),
  /** Prototypes and controls that are compared with them. */
  comparisons: z.int(),
  bytes: bytesSchema,
  total: rangeSchema,
});

export const estimateSchema = z.object({
  problems: z.array(problemSchema),
  work: workSchema.optional(),
  /** What a reviewer should know beforehand, one sentence each. */
  notes: z.array(z.string()),
  seconds: rangeSchema.optional(),
  speeds: z.array(speedSchema),
  /** Whether another audit was under way while it was measured. */
  busy: z.boolean(),
  /** Free bytes where the workspace is. */
  free: z.number().optional(),
  /** The same audit, where the workspace knows it: it goes on. */
  known: z
    .object({ auditId: idSchema, state: stateSchema, finished: z.int(), total: z.int() })
    .optional(),
});

/** Classes that a text names, by the grammar of the command line. */
export const classesSchema = z.object({
  classes: z.array(idSchema),
  /** What names no class, one sentence each, with the nearest names. */
  problems: z.array(z.string()),
});

export type Problem = z.output<typeof problemSchema>;
export type Check = z.output<typeof checkSchema>;
export type Range = z.output<typeof rangeSchema>;
export type Speed = z.output<typeof speedSchema>;
export type Work = z.output<typeof workSchema>;
export type Bytes = z.output<typeof bytesSchema>;
export type Estimate = z.output<typeof estimateSchema>;
export type NamedClasses = z.output<typeof classesSchema>;
