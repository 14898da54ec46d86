import type { Activation, TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

/** How the blocks of a MobileNet or EfficientNet are put together. */
export interface Style {
  readonly activation: Activation;
  readonly epsilon: number;
  /** What squeeze-and-excitation does between its layers, and at its end. */
  readonly excitation?: readonly [Activation, Activation];
}

/** Convolution, normalisation and, unless `isLinear`, an activation: Conv2dNormActivation. */
export function convNorm(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  { activation, epsilon }: Style,
  { stride = 1, isLinear = false } = {},
): string {
  const [channels, perGroup, kernel] = weights.ranked(`${name}.0.weight`, 4);
  // One input channel a filter is a depthwise convolution; the first layer of a grey image cannot be told from it.
  const groups = perGroup === 1 ? channels : 1;
  const options = { stride, pad: (kernel - 1) / 2, groups };
  const normal = network.batchNorm(`${name}.1`, network.conv(`${name}.0`, value, options), epsilon);
  return isLinear ? normal : network.activation(activation, `${name}.2`, normal);
}

/**
 * A block of MobileNetV3 or EfficientNet (torchvision/models/mobilenetv3.py, efficientnet.py), whose parts stand in one
 * sequence: expansion, depthwise convolution, squeeze-and-excitation, projection. Which of them are there follows from
 * the weights.
 */
export function invertedResidual(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  style: Style,
  stride: number,
): string {
  const parts = weights.count(`${name}.block.`);
  const kinds = Array.from({ length: parts }, (_, i) => kindOf(weights, `${name}.block.${i}`));
  const spatial = kinds.findIndex((kind) => kind === 'spatial');
  let inner = value;
  kinds.forEach((kind, i) => {
    const part = `${name}.block.${i}`;
    if (kind === 'excitation') inner = excite(network, part, inner, style);
    else {
      // A lone convolution is a fused block without expansion, which keeps its activation.
      const isLinear = parts > 1 && i === parts - 1;
      const step = i === spatial ? stride : 1;
      inner = convNorm(network, weights, part, inner, style, { stride: step, isLinear });
    }
  });
  const isSame = stride === 1 && keepsChannels(weights, `${name}.block`, kinds);
  return isSame ? network.op('Add', name, [value, inner]) : inner;
}

type Kind = 'excitation' | 'pointwise' | 'spatial';

function kindOf(weights: Weights, part: string): Kind {
  if (weights.has(`${part}.fc1.weight`)) return 'excitation';
  return weights.ranked(`${part}.0.weight`, 4)[2] > 1 ? 'spatial' : 'pointwise';
}

/** Whether a block gives as many channels as it takes, so that it has a way past it. */
function keepsChannels(weights: Weights, block: string, kinds: readonly Kind[]): boolean {
  const [first, perGroup] = weights.ranked(`${block}.0.0.weight`, 4);
  const taken = kinds[0] === 'spatial' && perGroup === 1 ? first : perGroup;
  const [given] = weights.ranked(`${block}.${kinds.length - 1}.0.weight`, 4);
  return taken === given;
}

/** Squeeze-and-excitation: Hu et al. (arXiv:1709.01507). */
function excite(network: TorchNetwork, name: string, value: string, style: Style): string {
  const [inner, last] = style.excitation ?? ['Relu', 'Sigmoid'];
  let scale = network.averageAll(`${name}.avgpool`, value);
  scale = network.activation(inner, `${name}.activation`, network.conv(`${name}.fc1`, scale));
  scale = network.activation(last, `${name}.scale_activation`, network.conv(`${name}.fc2`, scale));
  return network.op('Mul', name, [scale, value]);
}
