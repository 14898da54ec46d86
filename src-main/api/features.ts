import { z } from 'zod';
import { pathSchema } from './value.ts';

/** Features that a row may have. */
const MOST = 4096;

/** Characters of a pasted table. */
const MOST_TEXT = 4_000_000;

/** One feature of a table as a person describes it; what does not fit together is told when the model is read. */
export const describedFeatureSchema = z.strictObject({
  name: z.string().max(200),
  unit: z.string().max(40).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** The network takes (value − mean) / std. */
  mean: z.number().optional(),
  std: z.number().optional(),
  integer: z.boolean().optional(),
  categories: z.array(z.string().max(200)).max(MOST).optional(),
  encoding: z.enum(['one-hot', 'code']).optional(),
});

export const featureListSchema = z.array(describedFeatureSchema).max(MOST);

/** Calls about the features of a table. */
export const featureCalls = {
  /** What the columns of a CSV file, or of pasted lines of one, look like: bounds are its least and greatest values. */
  'features.suggest': {
    input: z.union([
      z.strictObject({ path: pathSchema }),
      z.strictObject({ text: z.string().max(MOST_TEXT) }),
    ]),
    output: z.object({ features: featureListSchema, rows: z.int() }),
  },
} as const;

export type DescribedFeature = z.output<typeof describedFeatureSchema>;
