import type { Architecture } from './architecture.ts';
import type { TorchNetwork } from './torch-network.ts';

/** What stands between the stem and the average (torchvision/models/googlenet.py): a pooling or an inception. */
const BODY = ['3a', '3b', 'maxpool3', '4a', '4b', '4c', '4d', '4e', 'maxpool4', '5a', '5b'];

/** GoogLeNet: Szegedy et al., "Going Deeper with Convolutions" (arXiv:1409.4842), with batch normalisation. */
export const googlenet: Architecture = {
  name: 'GoogLeNet',
  signature: [
    'conv1.conv.weight',
    'inception3a.branch1.conv.weight',
    'inception5b.branch4.1.conv.weight',
    'fc.weight',
  ],
  spare: /^aux[12]\./,
  // Its own weights are used with transform_input, which turns ImageNet's scale into (rgb − 0.5) / 0.5.
  preprocessing: 'tf',
  notes: [
    "torchvision's own GoogLeNet weights want pixels from −1 to 1, which is assumed; choose another preprocessing if yours were trained differently.",
  ],
  build(network, _, input) {
    let value = convolve(network, 'conv1', input, 2, 3);
    value = pool(network, 'maxpool1', value, 3);
    value = convolve(network, 'conv2', value, 1, 0);
    value = pool(network, 'maxpool2', convolve(network, 'conv3', value, 1, 1), 3);
    for (const part of BODY) {
      const isPool = part.startsWith('maxpool');
      if (isPool) value = pool(network, part, value, part === 'maxpool4' ? 2 : 3);
      else value = inception(network, `inception${part}`, value);
    }
    const pooled = network.flatten(network.averageAll('avgpool', value));
    return { logits: network.linear('fc', pooled), size: 224 };
  },
};

function pool(network: TorchNetwork, name: string, value: string, kernel: number): string {
  return network.maxPool(name, value, { kernel, stride: 2, pad: 0 }, true);
}

/** BasicConv2d. */
function convolve(
  network: TorchNetwork,
  name: string,
  value: string,
  stride: number,
  pad: number,
): string {
  const convolved = network.conv(`${name}.conv`, value, { stride, pad });
  return network.activation('Relu', name, network.batchNorm(`${name}.bn`, convolved, 0.001));
}

function inception(network: TorchNetwork, name: string, value: string): string {
  const reduced = (branch: string): string =>
    convolve(network, `${branch}.1`, convolve(network, `${branch}.0`, value, 1, 0), 1, 1);
  // In the order of torchvision, which is that of the layers.
  const branches = [
    convolve(network, `${name}.branch1`, value, 1, 0),
    reduced(`${name}.branch2`),
    reduced(`${name}.branch3`),
  ];
  const window = { kernel: 3, stride: 1, pad: 1 };
  const pooled = network.maxPool(`${name}.branch4.0`, value, window, true);
  branches.push(convolve(network, `${name}.branch4.1`, pooled, 1, 0));
  return network.join(name, branches, 1);
}
