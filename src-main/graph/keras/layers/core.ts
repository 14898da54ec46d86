import { floats } from '../../tensor.ts';
import type { Layer } from '../layer.ts';
import { activate } from './activation.ts';

/** A product with the last axis, then an offset. */
const dense: Layer = (call) => {
  const { settings, network, module } = call;
  const value = network.plain(module, call.value());
  if (value.rank < 2) throw call.refuse('is called with a single number');
  const hasBias = settings.flag(true, 'use_bias', 'bias');
  const [kernel, bias] = call.weights(hasBias ? ['kernel', 'bias'] : ['kernel']);
  const weights = [network.constant(module, 'kernel', kernel)];
  if (bias) weights.push(network.constant(module, 'bias', bias));
  const inputs = [value.name, ...weights];
  const result =
    value.rank === 2
      ? network.op('Gemm', module, inputs)
      : product(network.op.bind(network), module, inputs);
  return activate(call, { ...value, name: result }, settings.raw('activation'));
};

function product(
  op: (op: string, module: string, inputs: readonly string[]) => string,
  module: string,
  [value, kernel, bias]: readonly string[],
): string {
  const multiplied = op('MatMul', module, [value, kernel]);
  return bias === undefined ? multiplied : op('Add', module, [multiplied, bias]);
}

/** What does nothing outside training. */
const identity: Layer = (call) => call.network.map('Identity', call.module, call.value());

/** x · scale + offset, which may be one number or one per channel. */
const rescaling: Layer = (call) => {
  const { settings, network, module } = call;
  network.isScaling = true;
  const value = network.plain(module, call.value());
  const constant = (name: string, fallback: number): string => {
    const given = settings.raw(name) ?? fallback;
    const values = Array.isArray(given)
      ? settings.numbers(name)
      : [settings.number(fallback, name)];
    return network.constant(
      module,
      name,
      floats(Array.isArray(given) ? [values.length] : [], values),
    );
  };
  const scaled = network.map('Mul', module, value, [constant('scale', 1)]);
  return network.map('Add', module, scaled, [constant('offset', 0)]);
};

const IDENTITIES = [
  ...['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'SpatialDropout3D', 'AlphaDropout'],
  ...['GaussianDropout', 'GaussianNoise', 'ActivityRegularization', 'Identity'],
  ...['RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomContrast'],
  ...['RandomBrightness', 'RandomHue', 'RandomSaturation', 'RandomColorJitter', 'RandomShear'],
  ...['RandomErasing', 'RandomGrayscale', 'RandomInvert', 'RandomPosterization', 'RandomSharpness'],
  ...['RandomGaussianBlur', 'RandomPerspective', 'RandomElasticTransform', 'RandAugment'],
  ...['MixUp', 'CutMix'],
];

/** https://keras.io/api/layers/core_layers/, regularization_layers/ and preprocessing_layers/ */
export const coreLayers: Readonly<Record<string, Layer>> = {
  Dense: dense,
  Rescaling: rescaling,
  ...Object.fromEntries(IDENTITIES.map((name) => [name, identity])),
};
