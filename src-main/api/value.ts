import { z } from 'zod';

/** Values that many messages hold. */
export const stateSchema = z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']);
export const idSchema = z.int().min(0);

/** Name of a file: lower-case hexadecimal SHA-256 of its content. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A figure that may be undefined, which is `null`. */
export const figureSchema = z.number().nullable();

/** Path of a file or folder on the machine of the service. */
export const pathSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'it holds a character that no path can have');

/** One feature of a row, in a person's terms. */
export const featureSchema = z.object({
  name: z.string(),
  unit: z.string().optional(),
  /** In its unit; of categories the number of the one that it is, from 0. */
  value: z.number(),
  min: z.number(),
  max: z.number(),
  category: z.string().optional(),
  categories: z.array(z.string()).optional(),
  /** Where the value lies between its bounds, 0 … 1. */
  position: z.number(),
});

export type FeatureValue = z.output<typeof featureSchema>;

/** Losses of method.md, section 2, each without its weight. */
export const lossesSchema = z.object({ variance: figureSchema, highFrequency: figureSchema });
