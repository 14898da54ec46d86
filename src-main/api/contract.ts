import { z } from 'zod';

/**
 * What the studio's page may ask of its service, and what it gets: the only thing that both sides know of each other.
 * Everything is read with GET; answers are JSON and are checked on arrival.
 */

const state = z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']);
const id = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const auditSummarySchema = z.object({
  id,
  name: z.string(),
  state,
  reason: z.string().optional(),
  createdAt: z.string(),
  /** How many runs are in each state. */
  progress: z.record(state, z.int()),
});

export const studioSchema = z.object({
  workspace: z.object({ name: z.string(), path: z.string() }),
  /** The newest first. */
  audits: z.array(auditSummarySchema),
});

export const modelSchema = z.object({
  id,
  name: z.string(),
  classes: z.int(),
  height: z.int(),
  width: z.int(),
});

/** A prototype, made or to be made. */
export const tileSchema = z.object({
  runId: id,
  modelId: id,
  classIndex: id,
  label: z.string(),
  profile: z.string(),
  prototypeIndex: id,
  state,
  reason: z.string().optional(),
  imageHash: hash.optional(),
  logit: z.number().optional(),
  probability: z.number().optional(),
  /** The class that the model sees in it, where it is another one. */
  seenAs: z.string().optional(),
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

export const scoreSchema = figures.extend({
  modelId: id,
  classIndex: id,
  ordinal: id,
  evidence: z.enum(['sufficient', 'insufficient']),
});

/** Over all classes of a model with sufficient evidence. */
export const totalSchema = figures.extend({ modelId: id, classes: z.int() });

export const auditSchema = z.object({
  summary: auditSummarySchema,
  models: z.array(modelSchema),
  tiles: z.array(tileSchema),
  scores: z.array(scoreSchema),
  totals: z.array(totalSchema),
});

/** What every failure says: one sentence for a person. */
export const failureSchema = z.object({ message: z.string() });

export type AuditSummary = z.output<typeof auditSummarySchema>;
export type Studio = z.output<typeof studioSchema>;
export type Model = z.output<typeof modelSchema>;
export type Tile = z.output<typeof tileSchema>;
export type Figures = z.output<typeof figures>;
export type Score = z.output<typeof scoreSchema>;
export type Total = z.output<typeof totalSchema>;
export type Audit = z.output<typeof auditSchema>;

/** Where each answer is found, relative to the page. */
export const routes = {
  studio: 'api/studio',
  audit: (auditId: number) => `api/audits/${auditId}`,
  /** A content-addressed image: the same for ever. */
  file: (name: string) => `files/${name}`,
} as const;
