import { z } from 'zod';
import { idSchema } from './value.ts';

/** What a reviewer thinks of a prototype. */
export const markSchema = z.strictObject({
  state: z.enum(['unreviewed', 'concern', 'cleared']),
  /** 0 is a remark, 5 is as bad as it gets. */
  severity: z.int().min(0).max(5).nullable(),
  note: z.string().max(20_000),
});

export const reviewSchema = z.object({
  runId: idSchema,
  mark: markSchema,
  reviewedAt: z.string(),
});

export type Mark = z.output<typeof markSchema>;
export type Review = z.output<typeof reviewSchema>;

/** A prototype that nobody has looked at. */
export const unreviewed: Mark = { state: 'unreviewed', severity: null, note: '' };
