import { z } from 'zod';
import { tileSchema } from './audit.ts';
import { curveSchema, naturalLayerSchema } from './similarity.ts';
import { batchSchema } from './batch.ts';
import { engineSchema } from './studio.ts';
import { featureSchema, figureSchema, hashSchema, idSchema, lossesSchema } from './value.ts';

/** A point of the optimisation; those without an image are figures alone. */
const snapshotSchema = z.object({
  stage: z.enum(['baseline', 'prototype']),
  step: z.int().min(0),
  logit: figureSchema,
  losses: lossesSchema,
  imageHash: hashSchema.optional(),
});

const topLogitSchema = z.object({
  classIndex: idSchema,
  label: z.string(),
  logit: figureSchema,
  probability: figureSchema,
});

/** What the optimisation gave. */
const resultSchema = z.object({
  imageHash: hashSchema,
  channels: z.int(),
  height: z.int(),
  width: z.int(),
  logit: figureSchema,
  /** That before whole numbers and single categories were settled on; of tables that have such. */
  unsettledLogit: figureSchema.optional(),
  /** The row, where the model takes one; the picture shows its bars then. */
  features: z.array(featureSchema).optional(),
  probability: figureSchema,
  losses: lossesSchema,
  baselineSteps: z.int(),
  steps: z.int(),
  /** Steps in which the network did not react to the image at all. */
  stillSteps: z.int(),
  /** The highest logits first; ten at most. */
  topLogits: z.array(topLogitSchema),
});

/** The path of one class through the layers of its model. */
const pathSchema = z.object({
  layers: z.array(z.string()),
  evidence: z.enum(['sufficient', 'insufficient']),
  /** Photographs that were looked at, and those that count. */
  given: z.int(),
  naturalImages: z.int(),
  /** One a layer; empty for fewer than two natural images. */
  natural: z.array(naturalLayerSchema),
  /** The prototype's own curve, unless it was not scored. */
  prototype: curveSchema.optional(),
  /** Noise, grey, another class's prototype and plain maximisation. */
  controls: z.array(curveSchema),
});

/** One run in full. */
export const prototypeSchema = z.object({
  tile: tileSchema,
  auditId: idSchema,
  modelName: z.string(),
  seed: z.int(),
  /** Every choice, resolved, as plain JSON. */
  configuration: z.record(z.string(), z.unknown()),
  modelSha256: z.string(),
  preprocessingFrom: z.string(),
  attempts: z.int(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  engine: engineSchema.optional(),
  versions: z.record(z.string(), z.string()).optional(),
  /** Milliseconds, by what they were spent on. */
  timings: z.record(z.string(), z.number()).optional(),
  batch: batchSchema.optional(),
  snapshots: z.array(snapshotSchema),
  /** Absent before the run has given an image. */
  result: resultSchema.optional(),
  /** Absent where there is nothing to compare with. */
  path: pathSchema.optional(),
});

/** A natural image of a class, as the model sees it. */
export const exemplarSchema = z.object({
  /** Place among the class's photographs by falling logit, from 0: how sight.ts names it. */
  place: idSchema,
  name: z.string(),
  logit: figureSchema,
  imageHash: hashSchema,
  /** The row, where the model takes one. */
  features: z.array(featureSchema).optional(),
});

export type Snapshot = z.output<typeof snapshotSchema>;
export type TopLogit = z.output<typeof topLogitSchema>;
export type PrototypeResult = z.output<typeof resultSchema>;
export type ClassPath = z.output<typeof pathSchema>;
export type Prototype = z.output<typeof prototypeSchema>;
export type Exemplar = z.output<typeof exemplarSchema>;
