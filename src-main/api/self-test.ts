import { z } from 'zod';
import { figureSchema, idSchema } from './value.ts';

/** What a model's import is tested for, in this order. */
export const selfTestNames = ['gradient', 'original', 'engines', 'photograph'] as const;

/** One check of a model. */
export const selfCheckSchema = z.object({
  name: z.enum(selfTestNames),
  state: z.enum(['passed', 'failed', 'skipped']),
  /** What was found, or why nothing could be, in one sentence. */
  text: z.string(),
  /** Largest error relative to the largest value, where the check has one. */
  error: figureSchema.optional(),
});

export const selfTestSchema = z.object({
  model: z.string(),
  /** Whether no check failed. */
  passed: z.boolean(),
  checks: z.array(selfCheckSchema),
  /** What the model sees in the photograph, the most probable first; empty without one. */
  top: z.array(z.object({ classIndex: idSchema, label: z.string(), probability: figureSchema })),
});

/** What each check is about, for a person. */
export const selfTestTitles: Readonly<Record<(typeof selfTestNames)[number], string>> = {
  gradient: 'Gradient',
  original: 'Original file',
  engines: 'Second engine',
  photograph: 'Photograph',
};

export type SelfCheck = z.output<typeof selfCheckSchema>;
export type SelfTest = z.output<typeof selfTestSchema>;
