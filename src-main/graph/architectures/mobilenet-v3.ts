import { GraphError } from '../errors.ts';
import type { Architecture } from './architecture.ts';
import { convNorm, invertedResidual, type Style } from './inverted-residual.ts';

const EPSILON = 0.001;
const EXCITATION = ['Relu', 'HardSigmoid'] as const;
const SWISH: Style = { activation: 'HardSwish', epsilon: EPSILON, excitation: EXCITATION };
const RELU: Style = { ...SWISH, activation: 'Relu' };

/** By the number of blocks: strides, and how many blocks come before those with a hard swish (tables 1 and 2). */
const FORMS: Readonly<Record<number, { name: string; strides: readonly number[]; relus: number }>> =
  {
    11: { name: 'MobileNetV3 small', strides: [2, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1], relus: 3 },
    15: {
      name: 'MobileNetV3 large',
      strides: [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1],
      relus: 6,
    },
  };

/** MobileNetV3 small and large of any width: Howard et al. (arXiv:1905.02244). */
export const mobilenetV3: Architecture = {
  name: 'MobileNetV3',
  signature: [
    'features.0.0.weight',
    'features.1.block.0.0.weight',
    'classifier.0.weight',
    'classifier.3.weight',
  ],
  build(network, weights, input) {
    const blocks = weights.count('features.') - 2;
    const form = FORMS[blocks];
    if (!form) {
      throw new GraphError(
        'bad-graph',
        `The file looks like a MobileNetV3 of ${blocks} blocks, and Eidoscope knows those of 11 and 15; export the network to ONNX.`,
      );
    }
    let value = convNorm(network, weights, 'features.0', input, SWISH, { stride: 2 });
    form.strides.forEach((stride, i) => {
      const style = i < form.relus ? RELU : SWISH;
      value = invertedResidual(network, weights, `features.${i + 1}`, value, style, stride);
    });
    value = convNorm(network, weights, `features.${blocks + 1}`, value, SWISH);
    const pooled = network.flatten(network.averageAll('avgpool', value));
    const hidden = network.linear('classifier.0', pooled);
    const active = network.activation('HardSwish', 'classifier.1', hidden);
    return { logits: network.linear('classifier.3', active), size: 224, variant: form.name };
  },
};
