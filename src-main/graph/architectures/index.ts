import { Draft } from '../draft.ts';
import { GraphError } from '../errors.ts';
import type { Graph } from '../ir.ts';
import { printable } from '../onnx/wording.ts';
import type { Architecture } from './architecture.ts';
import { convnext } from './convnext.ts';
import { efficientnet } from './efficientnet.ts';
import { googlenet } from './googlenet.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import { mobilenetV3 } from './mobilenet-v3.ts';
import { resnet } from './resnet.ts';
import { squeezenet } from './squeezenet.ts';
import { asTorchvision } from './timm.ts';
import { TorchNetwork } from './torch-network.ts';
import { vit } from './vit.ts';
import { Weights, type TensorSource } from './weights.ts';

/** The networks whose graph can be built from their weights alone. */
export const architectures: readonly Architecture[] = [
  ...[resnet, googlenet, squeezenet, mobilenetV2, mobilenetV3, efficientnet, convnext, vit],
];

const KNOWN = architectures.map(({ name }) => name).join(', ');

export interface BuiltNetwork {
  readonly graph: Graph;
  /** The network that was recognised. */
  readonly name: string;
  /** Whose names the weights have. */
  readonly library: 'torchvision' | 'timm';
  /** Side of the square images that torchvision's own weights take, in pixels. */
  readonly size: number;
  /** A preset's name. */
  readonly preprocessing: 'imagenet' | 'tf';
  readonly notes: readonly string[];
}

/**
 * Builds the network that a set of weights belongs to, known by the names and shapes of its tensors. Its only input is
 * `input`, float32 [N, 3, H, W]; its only output the logits [N, classes].
 * @throws GraphError `not-a-model` when the network is not known, `bad-graph` when tensors are missing or left over
 */
export function buildNetwork(given: TensorSource): BuiltNetwork {
  const { source, library, ...assumed } = asTorchvision(given);
  const weights = new Weights(source);
  const found = architectures.find(({ signature }) => signature.every((name) => weights.has(name)));
  if (!found) throw unknown(given);
  const draft = new Draft();
  const input = draft.reserve('input');
  const built = found.build(new TorchNetwork(draft, weights), weights, input);
  const { logits, size, isFixed, variant } = built;
  refuseLeftovers(weights, found);
  const sides = isFixed ? [size, size] : ['height', 'width'];
  const dims = ['batch', channelsOf(source, found), ...sides];
  const name = variant ?? found.name;
  return {
    graph: draft.graph(name, [{ name: input, dtype: 'float32', dims }], [logits]),
    name,
    library,
    size,
    preprocessing: assumed.preprocessing ?? found.preprocessing ?? 'imagenet',
    notes: [
      recognised(`${library}'s ${name}`, library, size, isFixed),
      ...(found.notes ?? []),
      ...assumed.notes,
    ],
  };
}

function recognised(name: string, library: string, size: number, isFixed = false): string {
  const found = `The weights were recognised as ${name}`;
  return isFixed
    ? `${found}.`
    : `${found}; they do not say how large images are, and ${library}'s own take ${size} × ${size} pixels, which is used unless a size is given.`;
}

/** Channels of the image: those of the first convolution. */
function channelsOf({ shapes }: TensorSource, { signature }: Architecture): number {
  const stem = signature.find((name) => shapes.get(name)?.length === 4);
  return stem === undefined ? 3 : shapes.get(stem)![1];
}

/** Weights that are not used would mean another network. */
function refuseLeftovers(weights: Weights, { name, spare }: Architecture): void {
  const left = weights.unused.filter(
    (tensor) => !/(^|\.)num_batches_tracked$/.test(tensor) && !spare?.test(tensor),
  );
  if (left.length === 0) return;
  throw new GraphError(
    'bad-graph',
    `The file looks like a ${name}, but ${printable(left[0])}${left.length > 1 ? ` and ${left.length - 1} more tensors have` : ' has'} no place in it; export the network to ONNX.`,
  );
}

function unknown({ shapes }: TensorSource): GraphError {
  const [first, ...rest] = shapes.keys();
  const found =
    first === undefined
      ? 'no tensors'
      : `${printable(first)}${rest.length > 0 ? ` and ${rest.length} more tensors` : ''}`;
  return new GraphError(
    'not-a-model',
    `The file holds weights without a network, ${found}, and they fit none that Eidoscope knows (torchvision's ${KNOWN}, and of timm ResNet, ConvNeXt and ViT); export the network to ONNX.`,
  );
}
