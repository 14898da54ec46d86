import type { Architecture } from './architecture.ts';
import { convNorm, type Style } from './inverted-residual.ts';
import type { TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

const STYLE: Style = { activation: 'Relu6', epsilon: 1e-5 };

/** Strides of the 17 blocks (table 2 of the paper). */
const STRIDES = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];

/** MobileNetV2 of any width: Sandler et al. (arXiv:1801.04381). */
export const mobilenetV2: Architecture = {
  name: 'MobileNetV2',
  signature: [
    'features.0.0.weight',
    'features.1.conv.0.0.weight',
    'features.18.0.weight',
    'classifier.1.weight',
  ],
  build(network, weights, input) {
    let value = convNorm(network, weights, 'features.0', input, STYLE, { stride: 2 });
    STRIDES.forEach((stride, i) => {
      value = block(network, weights, `features.${i + 1}`, value, stride);
    });
    value = convNorm(network, weights, 'features.18', value, STYLE);
    const pooled = network.flatten(network.averageAll('', value));
    return { logits: network.linear('classifier.1', pooled), size: 224 };
  },
};

/** Expansion, depthwise convolution, projection; the first block does not expand. */
function block(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  stride: number,
): string {
  const depthwise = weights.has(`${name}.conv.3.weight`) ? 1 : 0;
  let inner = value;
  for (let i = 0; i <= depthwise; i++) {
    const step = i === depthwise ? stride : 1;
    inner = convNorm(network, weights, `${name}.conv.${i}`, inner, STYLE, { stride: step });
  }
  const projection = `${name}.conv.${depthwise + 1}`;
  inner = network.batchNorm(`${name}.conv.${depthwise + 2}`, network.conv(projection, inner));
  const [first, taken] = weights.ranked(`${name}.conv.0.0.weight`, 4);
  const [given] = weights.ranked(`${projection}.weight`, 4);
  const isSame = stride === 1 && given === (depthwise === 1 ? taken : first);
  return isSame ? network.op('Add', name, [value, inner]) : inner;
}
