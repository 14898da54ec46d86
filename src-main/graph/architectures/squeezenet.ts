import type { Architecture } from './architecture.ts';
import type { TorchNetwork } from './torch-network.ts';

const POOL = { kernel: 3, stride: 2, pad: 0 };

/** Places of the poolings among the features; the rest are fire modules (torchvision/models/squeezenet.py). */
const POOLS = { '1.0': [2, 6, 11], '1.1': [2, 5, 8] };

/** SqueezeNet 1.0 and 1.1: Iandola et al. (arXiv:1602.07360). The first kernel tells them apart: 7 or 3. */
export const squeezenet: Architecture = {
  name: 'SqueezeNet',
  signature: [
    'features.0.weight',
    'features.3.squeeze.weight',
    'features.12.expand3x3.weight',
    'classifier.1.weight',
  ],
  build(network, weights, input) {
    const version = weights.ranked('features.0.weight', 4)[2] === 7 ? '1.0' : '1.1';
    let value = network.conv('features.0', input, { stride: 2 });
    value = network.activation('Relu', 'features.1', value);
    for (let i = 2; i <= 12; i++) {
      const name = `features.${i}`;
      value = POOLS[version].includes(i)
        ? network.maxPool(name, value, POOL, true)
        : fire(network, name, value);
    }
    value = network.activation('Relu', 'classifier.2', network.conv('classifier.1', value));
    const logits = network.flatten(network.averageAll('classifier.3', value));
    return { logits, size: 224, variant: `SqueezeNet ${version}` };
  },
};

function fire(network: TorchNetwork, name: string, value: string): string {
  const branch = (part: string, from: string, pad: number): string => {
    const convolved = network.conv(`${name}.${part}`, from, { pad });
    return network.activation('Relu', `${name}.${part}_activation`, convolved);
  };
  const squeezed = branch('squeeze', value, 0);
  const expanded = [branch('expand1x1', squeezed, 0), branch('expand3x3', squeezed, 1)];
  return network.join(name, expanded, 1);
}
