import { attr } from '../../attributes.ts';
import { numbersOf } from '../../tensor.ts';
import type { Converter, Converters } from '../operation.ts';
import { imageInput, imageResult, paddingOf, spatial } from './convolution.ts';

/** Averages leave out what lies outside the image, as ONNX does by default. */
const pooling =
  (op: string): Converter =>
  (conversion) => {
    const channels = conversion.channels(0);
    const attributes = {
      kernel_shape: attr.ints(spatial(conversion, 'ksize')),
      strides: attr.ints(spatial(conversion, 'strides')),
      ...paddingOf(conversion),
    };
    imageResult(conversion, op, [imageInput(conversion)], attributes, channels);
  };

/** MaxPoolV2 has its windows as inputs. */
const maxPoolV2: Converter = (conversion) => {
  const { constant } = conversion;
  const [size, stride] = [1, 2].map((i) => {
    const value = constant(i);
    if (value?.dims[0] !== 4) throw new Error('its windows depend on the image');
    return Array.from(numbersOf(value)).slice(1, 3);
  });
  const attributes = {
    kernel_shape: attr.ints(size),
    strides: attr.ints(stride),
    ...paddingOf(conversion),
  };
  imageResult(conversion, 'MaxPool', [imageInput(conversion)], attributes, conversion.channels(0));
};

/** Blocks in the order depth–column–row: TensorFlow's channels of a block lie together, as in ONNX's DCR. */
const blocks =
  (op: string, extra = {}): Converter =>
  (conversion) => {
    const blocksize = attr.int(conversion.attributes.number('block_size', 2));
    imageResult(conversion, op, [imageInput(conversion)], { blocksize, ...extra });
  };

/** Local response normalisation (Krizhevsky et al. 2012): ONNX divides alpha by the size of the window. */
const localResponse: Converter = (conversion) => {
  const { attributes, planar, planarResult, channels } = conversion;
  const size = 2 * attributes.number('depth_radius', 5) + 1;
  const count = channels(0);
  planarResult({
    op: 'LRN',
    inputs: [planar(0)],
    attributes: {
      size: attr.int(size),
      alpha: attr.float(attributes.number('alpha', 1) * size),
      beta: attr.float(attributes.number('beta', 0.5)),
      bias: attr.float(attributes.number('bias', 1)),
    },
    ...(count === undefined ? {} : { channels: count }),
  });
};

export const poolings: Converters = {
  MaxPool: pooling('MaxPool'),
  MaxPoolV2: maxPoolV2,
  AvgPool: pooling('AveragePool'),
  SpaceToDepth: blocks('SpaceToDepth'),
  DepthToSpace: blocks('DepthToSpace', { mode: attr.string('DCR') }),
  LRN: localResponse,
};
