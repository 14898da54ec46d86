import type { Architecture } from './architecture.ts';
import { convNorm, invertedResidual, type Style } from './inverted-residual.ts';
import type { Weights } from './weights.ts';

/** Strides of the stages, alike in all forms (torchvision/models/efficientnet.py). */
const STRIDES = [1, 2, 2, 2, 1, 2, 1];

/** By blocks and width of the head: the form and the side of its images in pixels. */
const FORMS: Readonly<Record<string, readonly [string, number]>> = {
  '16 1280': ['EfficientNet-B0', 224],
  '23 1280': ['EfficientNet-B1', 240],
  '23 1408': ['EfficientNet-B2', 288],
  '26 1536': ['EfficientNet-B3', 300],
  '32 1792': ['EfficientNet-B4', 380],
  '39 2048': ['EfficientNet-B5', 456],
  '45 2304': ['EfficientNet-B6', 528],
  '55 2560': ['EfficientNet-B7', 600],
  '40 1280': ['EfficientNetV2-S', 384],
  '57 1280': ['EfficientNetV2-M', 480],
  '79 1280': ['EfficientNetV2-L', 480],
};

/** EfficientNet B0–B7 and V2: Tan and Le (arXiv:1905.11946, arXiv:2104.00298). */
export const efficientnet: Architecture = {
  name: 'EfficientNet',
  signature: ['features.0.0.weight', 'features.1.0.block.0.0.weight', 'classifier.1.weight'],
  build(network, weights, input) {
    const stages = weights.count('features.') - 2;
    const depths = Array.from({ length: stages }, (_, i) => weights.count(`features.${i + 1}.`));
    const style = styleOf(weights, depths);
    let value = convNorm(network, weights, 'features.0', input, style, { stride: 2 });
    depths.forEach((depth, stage) => {
      for (let i = 0; i < depth; i++) {
        const stride = i === 0 ? (STRIDES[stage] ?? 1) : 1;
        const name = `features.${stage + 1}.${i}`;
        value = invertedResidual(network, weights, name, value, style, stride);
      }
    });
    const head = `features.${stages + 1}`;
    value = convNorm(network, weights, head, value, style);
    const logits = network.linear(
      'classifier.1',
      network.flatten(network.averageAll('avgpool', value)),
    );
    const blocks = depths.reduce((sum, depth) => sum + depth, 0);
    const [variant, size] = FORMS[`${blocks} ${weights.dims(`${head}.0.weight`)[0]}`] ?? [];
    return { logits, size: size ?? 224, ...(variant ? { variant } : {}) };
  },
};

/** B5 to B7, whose first stage has three blocks or more, and V2 normalise with ε = 0.001; the others with PyTorch's own. */
function styleOf(weights: Weights, depths: readonly number[]): Style {
  const isV2 = weights.ranked('features.1.0.block.0.0.weight', 4)[1] > 1;
  const epsilon = isV2 || depths[0] >= 3 ? 0.001 : 1e-5;
  return { activation: 'Silu', epsilon, excitation: ['Silu', 'Sigmoid'] };
}
