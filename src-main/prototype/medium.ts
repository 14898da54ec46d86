import type { Classifier } from '../classifier/classifier.ts';
import type { Feature } from '../classifier/features.ts';
import type { Engine } from '../engine/engine.ts';
import {
  resolveConfiguration,
  type Configuration,
  type Overrides,
  type Profile,
} from './configuration.ts';
import { PrototypeError } from './errors.ts';
import { ColumnsOfFeatures } from './parameterisation/columns.ts';
import { Fourier } from './parameterisation/fourier.ts';
import type { Parameterisation } from './parameterisation/parameterisation.ts';
import { Pixels } from './parameterisation/pixels.ts';
import { penalty, type ImageShape } from './penalty.ts';
import { pull, scalesOf } from './pull.ts';

/** What prototypes of a classifier are made of: images, or rows of a table. */
export interface Medium {
  readonly parameterisation: Parameterisation;
  /**
   * The loss that concerns the image alone, without its weight; overwrites `gradient` with weight · its gradient.
   * @param baseline the image that stage 2 started from
   */
  readonly penalty: (
    image: Float32Array,
    baseline: Float32Array,
    weight: number,
    gradient: Float32Array,
  ) => number;
}

type Takes = Pick<Classifier, 'name' | 'features'>;

/**
 * The configuration of a profile for what a classifier takes. A table has no neighbouring pixels and no affine map: its
 * profile `paper` is both stages on its features, and, where a weight is given, a pull towards the baseline.
 * @throws PrototypeError `bad-configuration` that names the option that does not fit
 */
export function configurationFor(
  classifier: Takes,
  profile: Profile,
  overrides: Overrides = {},
): Configuration {
  const own: Overrides = classifier.features
    ? {
        parameterisation: 'features',
        ...overrides,
        penalty: { kind: 'pull', weight: 0, ...overrides.penalty },
        affine: { enabled: false, ...overrides.affine },
      }
    : overrides;
  const configuration = resolveConfiguration(profile, own);
  checkMedium(classifier, configuration);
  return configuration;
}

/** @throws PrototypeError `bad-configuration` where a configuration is for images and the classifier for tables, or so */
function checkMedium({ name, features }: Takes, configuration: Configuration): void {
  const { profile, parameterisation, penalty: chosen, affine } = configuration;
  const rows = [parameterisation === 'features', chosen.kind === 'pull'];
  const fault = (text: string): PrototypeError => new PrototypeError('bad-configuration', text);
  if (!features && rows.includes(true))
    throw fault(
      `The model ${name} takes images: the parameterisation features and the penalty pull are for tables.`,
    );
  if (!features) return;
  if (profile === 'fourier')
    throw fault(
      `The profile fourier makes images, and the model ${name} takes features; use paper.`,
    );
  if (rows.includes(false) || affine.enabled)
    throw fault(
      `The model ${name} takes features: leave affine.enabled off, parameterisation at features and penalty.kind at pull.`,
    );
}

/** Opens what a generation works with. @throws as `checkMedium` */
export async function openMedium(
  engine: Engine,
  classifier: Classifier,
  configuration: Configuration,
  atOnce?: number,
): Promise<Medium> {
  checkMedium(classifier, configuration);
  const { features } = classifier;
  return features
    ? tableOf(features, configuration)
    : imagesOf(
        classifier,
        configuration,
        await openImages(engine, classifier, configuration, atOnce),
      );
}

function tableOf(features: readonly Feature[], { initStd }: Configuration): Medium {
  const scales = scalesOf(features);
  return {
    parameterisation: new ColumnsOfFeatures(features, initStd),
    penalty: (image, baseline, weight, gradient) => pull(image, baseline, scales, weight, gradient),
  };
}

/** What images of free pixels are made with: it needs no engine, and so works in any thread. */
export const mediumOfPixels = (shape: ImageShape, configuration: Configuration): Medium =>
  imagesOf({ input: shape }, configuration, pixelsOf(shape, configuration));

const pixelsOf = (
  { channels, height, width }: ImageShape,
  { initStd }: Configuration,
): Parameterisation => new Pixels(channels * height * width, initStd);

function imagesOf(
  { input }: { readonly input: ImageShape },
  { penalty: { kind } }: Configuration,
  parameterisation: Parameterisation,
): Medium {
  if (kind === 'pull') throw new Error('checkMedium lets no image have the penalty of a table');
  return {
    parameterisation,
    penalty: (image, _baseline, weight, gradient) => penalty(kind, image, input, weight, gradient),
  };
}

async function openImages(
  engine: Engine,
  { input }: Classifier,
  configuration: Configuration,
  atOnce: number | undefined,
): Promise<Parameterisation> {
  const { parameterisation, initStd } = configuration;
  return parameterisation === 'fourier'
    ? Fourier.compile(engine, input, initStd, atOnce)
    : pixelsOf(input, configuration);
}
