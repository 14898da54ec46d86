import type { Architecture } from './architecture.ts';
import type { TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

const EPSILON = 1e-6;
const CHANNELS_LAST = [0, 2, 3, 1];
const CHANNELS_FIRST = [0, 3, 1, 2];

/** By depth of the third stage and width of the first. */
const FORMS: Readonly<Record<string, string>> = {
  '6 40': 'ConvNeXt atto',
  '6 48': 'ConvNeXt femto',
  '6 64': 'ConvNeXt pico',
  '8 80': 'ConvNeXt nano',
  '9 96': 'ConvNeXt tiny',
  '27 96': 'ConvNeXt small',
  '27 128': 'ConvNeXt base',
  '27 192': 'ConvNeXt large',
  '27 256': 'ConvNeXt xlarge',
};

/** ConvNeXt of any depth and width: Liu et al. (arXiv:2201.03545). */
export const convnext: Architecture = {
  name: 'ConvNeXt',
  signature: [
    'features.0.0.weight',
    'features.1.0.layer_scale',
    'classifier.0.weight',
    'classifier.2.weight',
  ],
  build(network, weights, input) {
    const parts = weights.count('features.');
    let value = stride(network, weights, 'features.0.0', input);
    value = normPlanes(network, 'features.0.1', value);
    for (let part = 1; part < parts; part++) {
      const name = `features.${part}`;
      if (part % 2 === 1) value = stage(network, weights, name, value);
      else {
        const normal = normPlanes(network, `${name}.0`, value);
        value = stride(network, weights, `${name}.1`, normal);
      }
    }
    const pooled = normPlanes(network, 'classifier.0', network.averageAll('avgpool', value));
    const logits = network.linear('classifier.2', network.op('Flatten', 'classifier.1', [pooled]));
    const form = `${weights.count('features.5.')} ${weights.dims('features.0.0.weight')[0]}`;
    return { logits, size: 224, ...(FORMS[form] ? { variant: FORMS[form] } : {}) };
  },
};

/** A convolution whose windows lie side by side. */
function stride(network: TorchNetwork, weights: Weights, module: string, value: string): string {
  return network.conv(module, value, { stride: weights.ranked(`${module}.weight`, 4)[2] });
}

/** LayerNorm2d: over the channels of every pixel. */
function normPlanes(network: TorchNetwork, module: string, value: string): string {
  const last = network.transpose(module, value, CHANNELS_LAST);
  return network.transpose(module, network.layerNorm(module, last, EPSILON), CHANNELS_FIRST);
}

function stage(network: TorchNetwork, weights: Weights, name: string, value: string): string {
  let result = value;
  for (let i = 0; i < weights.count(`${name}.`); i++) {
    result = block(network, weights, `${name}.${i}`, result);
  }
  return result;
}

/** CNBlock: a depthwise convolution, then two linear layers on every pixel. */
function block(network: TorchNetwork, weights: Weights, name: string, value: string): string {
  const part = (i: number): string => `${name}.block.${i}`;
  const [channels, , kernel] = weights.ranked(`${part(0)}.weight`, 4);
  let inner = network.conv(part(0), value, { pad: (kernel - 1) / 2, groups: channels });
  inner = network.transpose(part(1), inner, CHANNELS_LAST);
  inner = network.project(part(3), network.layerNorm(part(2), inner, EPSILON));
  inner = network.project(part(5), network.activation('Gelu', part(4), inner));
  inner = network.transpose(part(6), inner, CHANNELS_FIRST);
  const scaled = network.op('Mul', name, [network.parameter(`${name}.layer_scale`), inner]);
  return network.op('Add', name, [scaled, value]);
}
