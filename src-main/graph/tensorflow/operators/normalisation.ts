import { attr } from '../../attributes.ts';
import type { Converter, Converters } from '../operation.ts';
import { imageInput, imageResult } from './convolution.ts';

/** Normalisation with stored statistics. Without them the operation would compute its own, as in training. */
const batchNormalisation: Converter = (conversion) => {
  const { attributes, plain, channels } = conversion;
  if (attributes.bool('is_training', true)) {
    throw new Error('it normalises by the statistics of its batch; export the model for inference');
  }
  const epsilon = attr.float(attributes.number('epsilon', 1e-4));
  const inputs = [imageInput(conversion), ...[1, 2, 3, 4].map(plain)];
  imageResult(conversion, 'BatchNormalization', inputs, { epsilon }, channels(0));
};

export const normalisations: Converters = {
  FusedBatchNorm: batchNormalisation,
  FusedBatchNormV2: batchNormalisation,
  FusedBatchNormV3: batchNormalisation,
};
