import { z } from 'zod';
import { modelRequestSchema } from './request.ts';
import { idSchema, stateSchema } from './value.ts';

export const auditSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  state: stateSchema,
  reason: z.string().optional(),
  createdAt: z.string(),
  /** Its models, in order. */
  models: z.array(idSchema),
  imageSets: z.array(idSchema),
  /** Classes that it makes prototypes of. */
  classes: z.int(),
  /** How many runs are in each state. */
  progress: z.record(stateSchema, z.int()),
});

const jobStateSchema = z.enum(['queued', 'running', 'paused', 'finished', 'failed', 'cancelled']);

/** The work on one audit. Jobs run one at a time, in the order of their queueing. */
export const jobSchema = z.object({
  id: idSchema,
  auditId: idSchema,
  name: z.string(),
  state: jobStateSchema,
  /** Why it failed or was cancelled, in one sentence. */
  reason: z.string().optional(),
  /** What a reviewer should know of the work, one sentence each, the latest last. */
  notes: z.array(z.string()),
  createdAt: z.string(),
  /** Absent until it has ended. */
  endedAt: z.string().optional(),
});

/** What the service computes on. */
export const engineSchema = z.object({
  /** The runtime, such as `onnxruntime`. */
  id: z.string(),
  /** `cpu`, `webgpu`, `cuda`, …: what is really used. */
  provider: z.string(),
  device: z.string(),
  /** Memory of a graphics card of its own, where it is known. */
  memoryMB: z.int().optional(),
  version: z.string(),
  threads: z.int(),
  /** How exactly it was measured to multiply: `reduced` is TF32 or half precision. */
  precision: z.enum(['float32', 'reduced']),
  deterministic: z.boolean(),
  /** Why another provider than the one asked for is used, in one sentence. */
  fallback: z.string().optional(),
  /** Why Eidoscope took this engine by itself, in one sentence. */
  chosen: z.string().optional(),
});

/** A classifier of the library. */
const knownModelSchema = z.object({
  id: idSchema,
  name: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  labels: z.array(z.string()),
  channels: z.int(),
  height: z.int(),
  width: z.int(),
  /** Number of features, where it takes rows of a table. */
  features: z.int().optional(),
  preprocessingFrom: z.string(),
  /** Its file, and what was said of it: what an audit of it asks for. */
  request: modelRequestSchema,
  addedAt: z.string(),
});

const knownImageSetSchema = z.object({
  id: idSchema,
  name: z.string(),
  path: z.string(),
  fingerprint: z.string(),
  images: z.int(),
  /** Photographs or rows of each class, by its name. */
  counts: z.record(z.string(), z.int()),
  /** Of rows of a table, the names of their columns but for the class; absent of photographs. */
  columns: z.array(z.string()).optional(),
  /** Files that are left out, and why. */
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  addedAt: z.string(),
});

/** All that the page knows of a workspace at once; `audit.get` tells the rest of an audit. */
export const studioSchema = z.object({
  workspace: z.object({
    name: z.string(),
    path: z.string(),
    /** Why nothing can be written, in one sentence; absent where it can. */
    readOnly: z.string().optional(),
  }),
  /** Eidoscope's own version. */
  version: z.string(),
  engine: engineSchema,
  /** The newest first. */
  audits: z.array(auditSummarySchema),
  /** In the order of their queueing. */
  jobs: z.array(jobSchema),
  models: z.array(knownModelSchema),
  imageSets: z.array(knownImageSetSchema),
});

export type AuditSummary = z.output<typeof auditSummarySchema>;
export type JobState = z.output<typeof jobStateSchema>;
export type Job = z.output<typeof jobSchema>;
export type KnownModel = z.output<typeof knownModelSchema>;
export type KnownImageSet = z.output<typeof knownImageSetSchema>;
export type Studio = z.output<typeof studioSchema>;
