import type { Architecture } from './architecture.ts';
import type { TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

/** Blocks in each stage, and the name of the network (torchvision/models/resnet.py). */
const DEPTHS: Readonly<Record<string, string>> = {
  'basic 2,2,2,2': 'ResNet-18',
  'basic 3,4,6,3': 'ResNet-34',
  'bottleneck 3,4,6,3': 'ResNet-50',
  'bottleneck 3,4,23,3': 'ResNet-101',
  'bottleneck 3,8,36,3': 'ResNet-152',
};

/**
 * ResNet 18–152 with its wide and ResNeXt forms: He et al., "Deep Residual Learning for Image Recognition"
 * (arXiv:1512.03385), in torchvision's form, whose bottleneck strides in its 3×3 convolution.
 */
export const resnet: Architecture = {
  name: 'ResNet',
  signature: [
    'conv1.weight',
    'bn1.weight',
    'layer1.0.conv1.weight',
    'layer4.0.conv1.weight',
    'fc.weight',
  ],
  build(network, weights, input) {
    let value = network.conv('conv1', input, { stride: 2, pad: 3 });
    value = network.activation('Relu', 'relu', network.batchNorm('bn1', value));
    value = network.maxPool('maxpool', value, { kernel: 3, stride: 2, pad: 1 });
    const stages = [1, 2, 3, 4].map((stage) => weights.count(`layer${stage}.`));
    stages.forEach((blocks, stage) => {
      for (let block = 0; block < blocks; block++) {
        const stride = stage > 0 && block === 0 ? 2 : 1;
        value = addBlock(network, weights, `layer${stage + 1}.${block}`, value, stride);
      }
    });
    const pooled = network.flatten(network.averageAll('avgpool', value));
    const kind = weights.has('layer1.0.conv3.weight') ? 'bottleneck' : 'basic';
    const variant = DEPTHS[`${kind} ${stages.join()}`]?.replace('ResNet', familyOf(weights));
    return { logits: network.linear('fc', pooled), size: 224, ...(variant ? { variant } : {}) };
  },
};

/** Told by the second convolution: a ResNeXt's has groups, a wide network's more than 64 filters. */
function familyOf(weights: Weights): string {
  const [filters, perGroup] = weights.ranked('layer1.0.conv2.weight', 4);
  if (perGroup < filters) return 'ResNeXt';
  return filters > 64 ? 'wide ResNet' : 'ResNet';
}

function addBlock(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  stride: number,
): string {
  const strides = weights.has(`${name}.conv3.weight`) ? [1, stride, 1] : [stride, 1];
  let inner = value;
  strides.forEach((step, i) => {
    if (i > 0) inner = network.activation('Relu', `${name}.relu`, inner);
    inner = convolve(network, weights, `${name}.conv${i + 1}`, inner, step);
    inner = network.batchNorm(`${name}.bn${i + 1}`, inner);
  });
  const sum = network.op('Add', name, [inner, shortcut(network, weights, name, value, stride)]);
  return network.activation('Relu', `${name}.relu`, sum);
}

function shortcut(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  stride: number,
): string {
  if (!weights.has(`${name}.downsample.0.weight`)) return value;
  return network.batchNorm(
    `${name}.downsample.1`,
    network.conv(`${name}.downsample.0`, value, { stride }),
  );
}

/** Keeps the size at stride 1. The groups of a ResNeXt are what its 3×3 weights lack of the channels before them. */
function convolve(
  network: TorchNetwork,
  weights: Weights,
  module: string,
  value: string,
  stride: number,
): string {
  const [, perGroup, kernel] = weights.ranked(`${module}.weight`, 4);
  const bottleneck = module.replace(/conv2$/, 'conv1');
  const channels = weights.ranked(`${bottleneck}.weight`, 4)[0];
  const groups = bottleneck === module ? 1 : channels / perGroup;
  return network.conv(module, value, { stride, pad: (kernel - 1) / 2, groups });
}
