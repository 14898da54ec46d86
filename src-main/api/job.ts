import { z } from 'zod';
import { tileSchema } from './audit.ts';
import { jobSchema } from './studio.ts';
import { figureSchema, hashSchema, idSchema, lossesSchema } from './value.ts';

/** Work on audits: what the page may ask of it, and what it is told of the job under way. */

const stageSchema = z.enum(['baseline', 'prototype']);

/** A point of an optimisation. */
const pointSchema = z.object({
  stage: stageSchema,
  step: z.int().min(0),
  logit: figureSchema,
  losses: lossesSchema,
});

const countsSchema = z.object({ done: z.int().min(0), total: z.int().min(0) });

/** How the job under way stands. */
const progressSchema = z.object({
  jobId: idSchema,
  auditId: idSchema,
  /** Work of the whole audit, in any unit. */
  done: z.number(),
  total: z.number(),
  /** At the pace of this job so far; absent before it can be told. */
  remainingSeconds: z.number().optional(),
  phase: z.enum(['prototypes', 'similarity', 'relations']),
  /** What is being done. */
  label: z.string(),
  /** Prototypes that are made or given up, of all of the audit. */
  prototypes: countsSchema,
  /** Of the similarity under way: photographs, or images that are compared with them. */
  measured: countsSchema.extend({ what: z.enum(['natural images', 'subjects']) }).optional(),
  /** Steps that all optimisations under way take together; absent while there are none. */
  stepsPerSecond: z.number().optional(),
  /** The latest look at each prototype in the making. */
  looks: z.array(z.object({ runId: idSchema, imageHash: hashSchema })),
});

/** A prototype in the making. */
const makingSchema = z.object({
  tile: tileSchema,
  modelName: z.string(),
  /** Sides of its picture. */
  height: z.int(),
  width: z.int(),
  /** The most steps of each stage. */
  steps: z.object({ baseline: z.int(), prototype: z.int() }),
  imageHash: hashSchema.optional(),
  /** Its curve so far, oldest first: a few hundred points at most. */
  points: z.array(pointSchema),
});

/** All of a job: a page that is opened in the middle of it is complete at once. */
const jobDetailSchema = z.object({
  job: jobSchema,
  /** Absent unless it is under way. */
  progress: progressSchema.optional(),
  /** Of the job under way, in the order of their beginning. */
  making: z.array(makingSchema),
});

const byJob = z.strictObject({ jobId: idSchema });

export const jobCalls = {
  'job.get': { input: byJob, output: jobDetailSchema },
  /** Stops within a step, and goes on from there. */
  'job.pause': { input: byJob, output: jobSchema },
  'job.resume': { input: byJob, output: jobSchema },
  /** Stops for good; of the prototypes in the making the image so far is kept. */
  'job.cancel': { input: byJob, output: jobSchema },
  /** Queues again what failed or was cancelled. */
  'job.retry': { input: byJob, output: jobSchema },
  /** Changes places with the waiting job before it (−1) or after it (1), if there is one. */
  'job.move': {
    input: byJob.extend({ by: z.union([z.literal(-1), z.literal(1)]) }),
    output: jobSchema,
  },
  /** Takes a job that has ended off the list; its audit stays as it is. */
  'job.drop': { input: byJob, output: z.object({}) },
} as const;

export const jobEvents = {
  'job.progress': progressSchema,
  /** A point of an optimisation that is under way. */
  step: pointSchema.extend({ auditId: idSchema, runId: idSchema }),
  /** A prototype is being made from now on: its tile is another one. */
  'prototype.begun': z.object({ auditId: idSchema, tile: tileSchema }),
  /** A prototype is made, or was given up: its tile is another one. */
  'prototype.finished': z.object({ auditId: idSchema, tile: tileSchema }),
} as const;

export type Point = z.output<typeof pointSchema>;
export type JobProgress = z.output<typeof progressSchema>;
export type Making = z.output<typeof makingSchema>;
export type JobDetail = z.output<typeof jobDetailSchema>;
