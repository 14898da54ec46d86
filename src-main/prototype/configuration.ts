import { z } from 'zod';
import { inWords } from '../classifier/wording.ts';
import { PrototypeError } from './errors.ts';
import { PENALTY_KINDS } from './penalty.ts';
import { MAX_PROTOTYPES } from '../random/philox.ts';

/** Profiles that exist; what each chooses stands below, with the reasons. */
export const PROFILES = ['paper', 'fourier', 'plain'] as const;
export type Profile = (typeof PROFILES)[number];

/**
 * Where a choice comes from: `fixed` by the paper (arXiv 2309.17144), or `ours` where the paper is silent. It is part
 * of the schema, as is the unit, so that every list of options can show both.
 */
const option = (source: 'fixed' | 'ours', unit: string, description: string) => ({
  description,
  unit,
  source,
});

const baseline = z.strictObject({
  enabled: z.boolean().meta(option('fixed', '', 'Whether stage 1 runs before stage 2.')),
  maxSteps: z
    .int()
    .min(1)
    .max(100_000)
    .meta(option('ours', 'steps', 'Most steps of stage 1.')),
  stopRatio: z
    .number()
    .min(0)
    .max(1)
    .meta(option('ours', 'of a one-hot output’s', 'Probability variance that ends stage 1.')),
});

const penalty = z.strictObject({
  kind: z
    .enum(PENALTY_KINDS)
    .meta(
      option(
        'ours',
        '',
        'How differences of neighbouring pixels are added up in L_hf; `pull` of a table: towards its baseline.',
      ),
    ),
  weight: z
    .number()
    .min(0)
    .max(1e9)
    .meta(option('ours', '', 'w_hf; 0 turns the penalty off.')),
});

const affine = z.strictObject({
  enabled: z.boolean().meta(option('fixed', '', 'Whether a random affine map is drawn each step.')),
  scale: z
    .tuple([z.number().min(0.05).max(20), z.number().min(0.05).max(20)])
    .refine(([low, high]) => low <= high, 'it must name the smaller magnification first')
    .meta(option('fixed', 'times', 'Smallest and largest magnification.')),
  rotation: z
    .number()
    .min(0)
    .max(180)
    .meta(option('fixed', 'degrees', 'Largest rotation either way.')),
  translation: z
    .number()
    .min(0)
    .max(1)
    .meta(option('fixed', 'of the image’s size', 'Largest shift either way.')),
});

const beta = z.number().min(0).max(0.999999);

/** Every choice of a generation. Each run records the whole. */
export const configurationSchema = z.strictObject({
  profile: z.enum(PROFILES).meta(option('ours', '', 'Profile that the other choices start from.')),
  parameterisation: z
    .enum(['pixels', 'fourier', 'features'])
    .meta(
      option(
        'ours',
        '',
        'What is optimised, and how an image, or a row of `features`, is made of it.',
      ),
    ),
  initStd: z
    .number()
    .min(0)
    .max(100)
    .meta(option('ours', 'parameter', 'Standard deviation of the parameters of a start.')),
  seed: z
    .int()
    .min(0)
    .meta(option('ours', '', 'Seed of everything random.')),
  prototypes: z
    .int()
    .min(1)
    .max(MAX_PROTOTYPES)
    .meta(option('ours', '', 'Prototypes a class, each with random numbers of its own.')),
  steps: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta(option('fixed', 'steps', 'Steps of stage 2.')),
  learningRate: z
    .number()
    .positive()
    .max(1000)
    .meta(option('fixed', 'parameter', 'Learning rate of Adam, in both stages.')),
  betas: z.tuple([beta, beta]).meta(option('ours', '', 'Decay of Adam’s two moments.')),
  epsilon: z
    .number()
    .positive()
    .max(1)
    .meta(option('ours', '', 'ε of Adam.')),
  baseline,
  penalty,
  affine,
  snapshotEvery: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta(option('ours', 'steps', 'Steps of stage 2 from one snapshot to the next; 0 for none.')),
});

export type Configuration = z.infer<typeof configurationSchema>;

/** Some of the choices; the profile gives the others. */
export type Overrides = Partial<
  Omit<Configuration, 'profile' | 'baseline' | 'penalty' | 'affine'> & {
    baseline: Partial<Configuration['baseline']>;
    penalty: Partial<Configuration['penalty']>;
    affine: Partial<Configuration['affine']>;
  }
>;

const paper: Configuration = {
  profile: 'paper',
  parameterisation: 'pixels',
  initStd: 0.01,
  seed: 0,
  prototypes: 1,
  steps: 512,
  learningRate: 0.05,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  baseline: { enabled: true, maxSteps: 512, stopRatio: 1 / 1000 },
  penalty: { kind: 'sum', weight: 1 },
  affine: { enabled: true, scale: [0.7, 1.3], rotation: 180, translation: 0.5 },
  snapshotEvery: 64,
};

/**
 * What each profile chooses.
 *
 * - `paper`: the method as published, with pixels.
 * - `fourier`: stage 1 is off. Its budget is 512 steps in all, where `paper`'s is 512 and 512 at most; and Olah et al.
 *   (2017), whose parameterisation it is, start from the random image. `baseline.enabled` turns stage 1 on.
 * - `plain`: the control of path similarity, logit maximisation without transforms and penalty. It keeps stage 1, so
 *   that it differs from `paper` in these two alone, and because a logit that is capped at 0 (SqueezeNet ends in a
 *   ReLU) has no gradient at a grey image: stage 1 moves it off the cap. Under the affine map such a logit has one.
 */
const defaults: Readonly<Record<Profile, Configuration>> = {
  paper,
  fourier: {
    ...paper,
    profile: 'fourier',
    parameterisation: 'fourier',
    baseline: { ...paper.baseline, enabled: false },
    penalty: { kind: 'mean', weight: 1 },
  },
  plain: {
    ...paper,
    profile: 'plain',
    penalty: { ...paper.penalty, weight: 0 },
    affine: { ...paper.affine, enabled: false },
  },
};

/**
 * The whole configuration of a profile with some choices changed.
 * @throws PrototypeError `bad-configuration` that names the first option that does not fit
 */
export function resolveConfiguration(profile: Profile, overrides: Overrides = {}): Configuration {
  const base = defaults[profile];
  if (base === undefined) {
    throw new PrototypeError(
      'bad-configuration',
      `There is no profile ${profile}; there are ${PROFILES.join(', ')}.`,
    );
  }
  return parseConfiguration(changed(base, overrides));
}

/** Everything that does not fit: the option's name, with dots, and what is wrong, as the end of "X: …". */
export function faultsIn(
  profile: Profile,
  overrides: Overrides,
): { option: string; message: string }[] {
  const result = configurationSchema.safeParse(changed(defaults[profile], overrides), {
    error: inWords,
  });
  // Places in a pair are no options of their own.
  return (result.error?.issues ?? []).map(({ path, message }) => ({
    option: optionName(path.filter((part) => typeof part === 'string')),
    message,
  }));
}

function changed(base: Configuration, overrides: Overrides): unknown {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const merged = given.map(([name, value]) => [
    name,
    merge(base[name as keyof Configuration], value),
  ]);
  return { ...base, ...Object.fromEntries(merged), profile: base.profile };
}

/** Checks a configuration from outside. @throws PrototypeError `bad-configuration` */
export function parseConfiguration(value: unknown): Configuration {
  const result = configurationSchema.safeParse(value, { error: inWords });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place =
    issue.path.length === 0 ? 'The configuration' : `The option ${optionName(issue.path)}`;
  throw new PrototypeError('bad-configuration', `${place} is not usable: ${issue.message}.`);
}

const optionName = (path: readonly PropertyKey[]): string => path.map(String).join('.');

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(base: unknown, value: unknown): unknown {
  return isGroup(base) && isGroup(value) ? { ...base, ...value } : value;
}
