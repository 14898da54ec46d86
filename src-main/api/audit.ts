import { z } from 'zod';
import { auditSummarySchema } from './studio.ts';
import { hashSchema, idSchema, stateSchema } from './value.ts';

/** A model of an audit. */
const modelSchema = z.object({
  id: idSchema,
  name: z.string(),
  classes: z.int(),
  /** Of its pictures. */
  height: z.int(),
  width: z.int(),
  /** Number of features, where it takes rows of a table. */
  features: z.int().optional(),
});

/** A prototype, made or to be made. */
export const tileSchema = z.object({
  runId: idSchema,
  modelId: idSchema,
  classIndex: idSchema,
  label: z.string(),
  profile: z.string(),
  prototypeIndex: idSchema,
  state: stateSchema,
  reason: z.string().optional(),
  imageHash: hashSchema.optional(),
  logit: z.number().optional(),
  probability: z.number().optional(),
  /** The class that the model sees in it, where it is another one. */
  seenAs: z.string().optional(),
  /** How alike the model sees it and those of other seeds, −1 … 1; absent where there are none. */
  stability: z.number().optional(),
});

/** Path similarity in short; a figure is absent where it is undefined or the evidence is insufficient. */
const figures = z.object({
  series: z.string(),
  kind: z.string(),
  naturalImages: z.int(),
  spearmanPercent: z.number().optional(),
  l1Percent: z.number().optional(),
  normalised: z.number().optional(),
  normalisedPooled: z.number().optional(),
});

const scoreSchema = figures.extend({
  modelId: idSchema,
  classIndex: idSchema,
  /** Place among the class's subjects of the series: the prototype's index. */
  ordinal: idSchema,
  evidence: z.enum(['sufficient', 'insufficient']),
});

/** Over all classes of a model with sufficient evidence. */
const totalSchema = figures.extend({ modelId: idSchema, classes: z.int() });

/** All that the gallery shows of an audit. */
export const auditSchema = z.object({
  summary: auditSummarySchema,
  models: z.array(modelSchema),
  tiles: z.array(tileSchema),
  scores: z.array(scoreSchema),
  totals: z.array(totalSchema),
});

export type Model = z.output<typeof modelSchema>;
export type Tile = z.output<typeof tileSchema>;
export type Score = z.output<typeof scoreSchema>;
export type Total = z.output<typeof totalSchema>;
export type Audit = z.output<typeof auditSchema>;
