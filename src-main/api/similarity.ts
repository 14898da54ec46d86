import { z } from 'zod';
import { figureSchema, idSchema } from './value.ts';

/** `full` compares all activations of a layer, `pooled` the mean per channel. */
const both = <T extends z.ZodType>(schema: T) => z.object({ full: schema, pooled: schema });

/** Mean over the natural images, and their 5, 25, 50, 75 and 95 % quantiles. */
const bandSchema = z.object({
  mean: figureSchema,
  quantiles: z
    .tuple([figureSchema, figureSchema, figureSchema, figureSchema, figureSchema])
    .readonly(),
});

/** How natural images of a class compare with their own class in one layer. */
export const naturalLayerSchema = both(
  z.object({
    spearman: bandSchema,
    l1: bandSchema,
    leaveOneOutSpearman: bandSchema,
    leaveOneOutL1: bandSchema,
    same: figureSchema,
    different: figureSchema,
  }),
);

/** A subject's figures, layer by layer. */
export const curveSchema = z.object({
  series: z.string(),
  kind: z.string(),
  layers: z.array(
    both(z.object({ spearman: figureSchema, l1: figureSchema, normalised: figureSchema })),
  ),
});

/** 95 % bootstrap interval. */
const intervalSchema = z.tuple([figureSchema, figureSchema]).readonly();

/** Share of the layers that are won, 0 … 100. */
const shareSchema = z.object({
  percent: figureSchema,
  interval: intervalSchema,
});

export const scoresSchema = z.object({
  spearman: shareSchema,
  l1: shareSchema,
  leaveOneOutSpearman: shareSchema,
  leaveOneOutL1: shareSchema,
  /** 1 is as similar as its own class, 0 a stranger; over all layers and over their thirds. */
  normalised: z.object({
    all: figureSchema,
    first: figureSchema,
    middle: figureSchema,
    last: figureSchema,
    undefinedLayers: z.int(),
    /** Of `all` and of the thirds; absent or null where it is not known. */
    interval: intervalSchema.nullable().optional(),
    thirds: z
      .object({
        first: intervalSchema.nullable(),
        middle: intervalSchema.nullable(),
        last: intervalSchema.nullable(),
      })
      .optional(),
  }),
});

const evidenceSchema = z.object({
  classIndex: idSchema,
  label: z.string(),
  given: z.int(),
  naturalImages: z.int(),
  evidence: z.enum(['sufficient', 'insufficient']),
});

const reasonSchema = z.object({ name: z.string(), reason: z.string() });

/** Path similarity of one model: means over its classes with sufficient evidence. */
const modelSimilaritySchema = z.object({
  modelId: idSchema,
  layers: z.array(z.string()),
  leftOut: z.array(reasonSchema),
  skipped: z.array(reasonSchema),
  filter: z.enum(['predicted', 'labelled']),
  seed: z.int(),
  resamples: z.int(),
  classes: z.array(evidenceSchema),
  totals: z.array(
    z.object({
      series: z.string(),
      kind: z.string(),
      classes: z.int(),
      naturalImages: z.int(),
      /** Absent without a class with sufficient evidence. */
      scores: both(scoresSchema).optional(),
    }),
  ),
  /** Layer by layer, averaged over the classes; without quantiles, for these belong to one class. */
  natural: z.array(both(z.object({ spearman: figureSchema, l1: figureSchema }))),
  curves: z.array(curveSchema),
});

/** How the prototypes of one model and profile look to that model. */
const entanglementSchema = z.object({
  modelId: idSchema,
  profile: z.string(),
  classes: z.array(idSchema),
  /** Row: prototype of a class; column: probability of a class, in the order of `classes`. */
  probabilities: z.array(z.array(figureSchema)),
  /** Cosines of the penultimate features, symmetric. */
  cosines: z.array(z.array(figureSchema)),
  /** Worst first. */
  pairs: z.array(
    z.object({ a: idSchema, b: idSchema, cosine: figureSchema, probability: figureSchema }),
  ),
});

/** What another model says of a model's prototypes. */
const transferSchema = z.object({
  from: idSchema,
  to: idSchema,
  profile: z.string(),
  /** One per class that both models know; indices are those of `to`. */
  classes: z.array(
    z.object({
      classIndex: idSchema,
      logit: figureSchema,
      probability: figureSchema,
      predicted: idSchema,
      transfers: z.boolean(),
      /** Place of the class among all by falling logit, from 1. */
      place: z.int(),
    }),
  ),
});

/** All that an audit measured beyond its prototypes. */
export const similaritySchema = z.object({
  models: z.array(modelSimilaritySchema),
  entanglement: z.array(entanglementSchema),
  transfer: z.array(transferSchema),
});

export type NaturalLayer = z.output<typeof naturalLayerSchema>;
export type Curve = z.output<typeof curveSchema>;
export type ModelSimilarity = z.output<typeof modelSimilaritySchema>;
export type Entanglement = z.output<typeof entanglementSchema>;
export type Transfer = z.output<typeof transferSchema>;
export type Similarity = z.output<typeof similaritySchema>;
