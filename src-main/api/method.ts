import { z } from 'zod';

/** An option of prototype generation, as a form shows it. */
const optionSchema = z.object({
  /** With a dot inside a group, such as `affine.rotation`. */
  name: z.string(),
  description: z.string(),
  unit: z.string(),
  /** `fixed` by the paper, or `ours` where it is silent. */
  source: z.enum(['fixed', 'ours']),
  kind: z.enum(['number', 'integer', 'boolean', 'choice', 'pair']),
  least: z.number().optional(),
  most: z.number().optional(),
  choices: z.array(z.string()).optional(),
});

const profileSchema = z.object({
  name: z.string(),
  /** What each option is by default, by its name. */
  values: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.number())])),
});

/** Every parameter of the method that an audit may change, explained. */
export const methodSchema = z.object({
  options: z.array(optionSchema),
  profiles: z.array(profileSchema),
  /** Names of preprocessing presets. */
  preprocessing: z.array(z.string()),
});

export type Option = z.output<typeof optionSchema>;
export type Profile = z.output<typeof profileSchema>;
export type Method = z.output<typeof methodSchema>;
