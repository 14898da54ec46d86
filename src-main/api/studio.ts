import { z } from 'zod';
import { idSchema, stateSchema } from './value.ts';

export const auditSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  state: stateSchema,
  reason: z.string().optional(),
  createdAt: z.string(),
  /** How many runs are in each state. */
  progress: z.record(stateSchema, z.int()),
});

export const jobStateSchema = z.enum([
  'queued',
  'running',
  'paused',
  'finished',
  'failed',
  'cancelled',
]);

/** The work on one audit. Jobs run one at a time, in the order of their queueing. */
export const jobSchema = z.object({
  id: idSchema,
  auditId: idSchema,
  name: z.string(),
  state: jobStateSchema,
  /** Why it failed or was cancelled, in one sentence. */
  reason: z.string().optional(),
  createdAt: z.string(),
});

/** What the service computes on. */
export const engineSchema = z.object({
  /** The runtime, such as `onnxruntime`. */
  id: z.string(),
  /** `cpu`, `webgpu`, `cuda`, …: what is really used. */
  provider: z.string(),
  device: z.string(),
  version: z.string(),
  threads: z.int(),
  deterministic: z.boolean(),
  /** Why another provider than the one asked for is used, in one sentence. */
  fallback: z.string().optional(),
});

/** A classifier that an audit of the workspace has used. */
export const knownModelSchema = z.object({
  id: idSchema,
  name: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  labels: z.array(z.string()),
  channels: z.int(),
  height: z.int(),
  width: z.int(),
  preprocessingFrom: z.string(),
  addedAt: z.string(),
});

export const knownImageSetSchema = z.object({
  id: idSchema,
  name: z.string(),
  path: z.string(),
  fingerprint: z.string(),
  images: z.int(),
  /** Photographs of each class, by its name. */
  counts: z.record(z.string(), z.int()),
  addedAt: z.string(),
});

/** All that the page knows of a workspace at once; `audit.get` tells the rest of an audit. */
export const studioSchema = z.object({
  workspace: z.object({ name: z.string(), path: z.string() }),
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
export type EngineFacts = z.output<typeof engineSchema>;
export type KnownModel = z.output<typeof knownModelSchema>;
export type KnownImageSet = z.output<typeof knownImageSetSchema>;
export type Studio = z.output<typeof studioSchema>;
