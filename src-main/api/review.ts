import { z } from 'zod';
import { subjectSchema } from './sight.ts';
import { idSchema } from './value.ts';

/** What a reviewer thinks of a prototype, or of several pictures together. */
export const markSchema = z.strictObject({
  state: z.enum(['unreviewed', 'concern', 'cleared']),
  /** 0 is a remark, 5 is as bad as it gets. */
  severity: z.int().min(0).max(5).nullable(),
  note: z.string().max(20_000),
});

/**
 * Whether names and figures could be seen when the first reading was written down: always (`named`), not before
 * (`blind`), or because the reviewer asked for them first (`revealed`).
 */
const readingSchema = z.enum(['named', 'blind', 'revealed']);

export const reviewSchema = z.object({
  /** Names of the pictures (sight.ts); that of a prototype is its run's id. */
  sights: subjectSchema,
  mark: markSchema,
  reading: readingSchema,
  reviewedAt: z.string(),
});

/** What the review of an audit is about, in the reviewer's words. */
export const scopeSchema = z.strictObject({
  title: z.string().max(300),
  question: z.string().max(20_000),
  reviewer: z.string().max(300),
  /** Whether names and figures are hidden before the first reading. */
  blind: z.boolean(),
});

/** A view of the gallery that has a name: a queue of what is to be reviewed. */
export const savedViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Filters, order and the like, as addresses write them. */
  query: z.string(),
});

export const viewNameSchema = z.string().trim().min(1).max(120);
export const viewQuerySchema = z.string().max(4000);

export type Mark = z.output<typeof markSchema>;
export type Reading = z.output<typeof readingSchema>;
export type Review = z.output<typeof reviewSchema>;
export type Scope = z.output<typeof scopeSchema>;
export type SavedView = z.output<typeof savedViewSchema>;

/** A prototype that nobody has looked at. */
export const unreviewed: Mark = { state: 'unreviewed', severity: null, note: '' };

/** Whether nothing is written down. */
export const isBlank = ({ state, severity, note }: Mark): boolean =>
  state === 'unreviewed' && severity === null && note === '';
