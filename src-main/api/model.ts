import { z } from 'zod';
import { featureListSchema } from './features.ts';
import { hashSchema, idSchema } from './value.ts';

const fileSchema = z.object({ path: z.string(), bytes: z.int(), sha256: hashSchema });

/** The classifier in a file, as far as it is understood. */
const classifierSchema = z.object({
  channels: z.int(),
  height: z.int(),
  width: z.int(),
  layout: z.enum(['NCHW', 'NHWC', 'table']),
  batch: z.union([z.int(), z.literal('free')]),
  /** Name of the value that holds the logits, and the operator that was cut off behind it. */
  logits: z.string(),
  cut: z.string().optional(),
  labels: z.array(z.string()),
  preprocessing: z.object({
    range: z.number(),
    mean: z.array(z.number()),
    std: z.array(z.number()),
    order: z.enum(['RGB', 'BGR', 'grey', 'columns']),
    resize: z.int(),
  }),
  /** A preset's name, `sidecar`, `file`, `metadata`, or a preset's name with `(assumed)`: then ask. */
  preprocessingFrom: z.string(),
  /** Of a table. */
  features: featureListSchema.optional(),
  /** How many layers each set has. */
  layers: z.record(z.string(), z.int()),
});

const foundModelSchema = z.object({
  name: z.string(),
  format: z.string(),
  /** Of ONNX alone. */
  opset: z.int().optional(),
  producer: z.string(),
  files: z.array(fileSchema),
  /** As the file declares them; a dimension that is free has a name. */
  inputs: z.array(
    z.object({
      name: z.string(),
      dtype: z.string(),
      dims: z.array(z.union([z.number(), z.string()])),
    }),
  ),
  outputs: z.array(z.string()),
  parameters: z.int(),
  /** The most frequent first. */
  operators: z.array(z.object({ op: z.string(), count: z.int() })),
  unsupported: z.array(z.object({ op: z.string(), node: z.string(), count: z.int() })),
  notes: z.array(z.string()),
  /** Columns of a row, where it takes rows of a table; null where the file leaves their number free. */
  columns: z.int().nullish(),
  /** Absent where there is a problem. */
  classifier: classifierSchema.optional(),
});

/** What a file holds; of one that is no model, the problem alone. */
export const inspectionSchema = z.object({
  path: z.string(),
  found: foundModelSchema.optional(),
  /** Networks of a SavedModel that can be chosen, by name; also where one of them has to be. */
  signatures: z.array(z.string()).optional(),
  /** Why it cannot be audited, in one sentence. */
  problem: z.string().optional(),
});

const reasonSchema = z.object({ name: z.string(), reason: z.string() });

/** The photographs in a folder, as a model's classes go. */
export const imageSetInspectionSchema = z.object({
  path: z.string(),
  fingerprint: z.string(),
  images: z.int(),
  classes: z.array(z.object({ index: idSchema, label: z.string(), images: z.int() })),
  /** Files that are left out, and why. */
  skipped: z.array(reasonSchema),
  /** Folders that no class is named after. */
  unmatched: z.array(z.string()),
});

export type FoundModel = z.output<typeof foundModelSchema>;
export type Inspection = z.output<typeof inspectionSchema>;
export type ImageSetInspection = z.output<typeof imageSetInspectionSchema>;
