import { GraphError } from './errors.ts';
import type { Graph, GraphInput, Node } from './ir.ts';

export interface ImageInput {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly channels: 1 | 3;
  readonly batch: number | 'free';
  readonly height: number | 'free';
  readonly width: number | 'free';
}

/**
 * Finds the one image that a classifier takes: a float32 input of four dimensions, with 1 or 3 channels in the second
 * or the last place. Where the declared dimensions leave it open, the first convolution or transposition decides.
 * @throws GraphError `not-a-classifier` saying what the model takes instead
 */
export function findInput(graph: Graph): ImageInput {
  const input = onlyInput(graph);
  const { name, dims } = input;
  if (dims.length !== 4) throw refuse(input, 'is no batch of images [N, C, H, W] or [N, H, W, C]');
  const seen = followInput(graph, name);
  const layout = layoutOf(dims, seen.layout);
  const [channelAxis, heightAxis, widthAxis] = layout === 'NCHW' ? [1, 2, 3] : [3, 1, 2];
  const channels = isFree(dims[channelAxis]) ? seen.channels : dims[channelAxis];
  if (channels !== 1 && channels !== 3)
    throw refuse(input, 'has neither 1 nor 3 channels; give a classifier of grey or colour images');
  return {
    name,
    layout,
    channels,
    batch: free(dims[0]),
    height: free(dims[heightAxis]),
    width: free(dims[widthAxis]),
  };
}

/** A table's rows, one number a column. */
export interface RowInput {
  readonly name: string;
  readonly batch: number | 'free';
  readonly columns: number | 'free';
}

/** The rows [N, columns] that a classifier takes, unless it takes something else. @throws GraphError as `findInput` */
export function findRows(graph: Graph): RowInput | undefined {
  const { name, dims } = onlyInput(graph);
  if (dims.length !== 2) return undefined;
  return { name, batch: free(dims[0]), columns: free(dims[1]) };
}

function isFree(dim: number | string): dim is string {
  return typeof dim === 'string';
}

const free = (dim: number | string): number | 'free' => (isFree(dim) ? 'free' : dim);

function onlyInput(graph: Graph): GraphInput {
  const { inputs } = graph;
  if (inputs.length === 0)
    throw new GraphError(
      'not-a-classifier',
      'The model takes no input at all; give an image classifier.',
    );
  const [input, other] = inputs.filter(({ dtype }) => dtype === 'float32');
  if (!input)
    throw refuse(inputs[0], 'is not float32; export the model so that it takes a float32 image');
  if (other)
    throw refuse(
      other,
      `stands beside ${input.name}; Eidoscope audits models with one image as their only input`,
    );
  if (inputs.length > 1)
    throw refuse(
      inputs.find((one) => one !== input)!,
      'is needed beside the image; export the model with the image as its only input',
    );
  return input;
}

function refuse({ name, dtype, dims }: GraphInput, reason: string): GraphError {
  return new GraphError(
    'not-a-classifier',
    `The input ${name} (${dtype} [${dims.join(', ')}]) ${reason}.`,
  );
}

function layoutOf(dims: readonly (number | string)[], seen: Evidence['layout']): 'NCHW' | 'NHWC' {
  const first = dims[1] === 1 || dims[1] === 3;
  const last = dims[3] === 1 || dims[3] === 3;
  if (first !== last) return first ? 'NCHW' : 'NHWC';
  return seen ?? 'NCHW';
}

interface Evidence {
  readonly layout?: 'NCHW' | 'NHWC';
  readonly channels?: number;
}

/** Operators that leave every pixel where it is. */
const POINTWISE = new Set([
  'Identity',
  'Cast',
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pad',
  'BatchNormalization',
]);

/** What the operators that the image meets first say about its layout and channels. */
function followInput(graph: Graph, input: string): Evidence {
  let value = input;
  let layout: Evidence['layout'];
  for (const node of graph.nodes) {
    if (node.inputs[0] !== value) continue;
    if (node.op === 'Conv') return { layout: layout ?? 'NCHW', channels: channelsOf(graph, node) };
    if (movesChannelsFirst(node)) layout = 'NHWC';
    else if (!POINTWISE.has(node.op)) return { layout };
    value = node.outputs[0];
  }
  return { layout };
}

function movesChannelsFirst({ op, attributes: { perm } }: Node): boolean {
  return op === 'Transpose' && perm?.kind === 'ints' && perm.values.join() === '0,3,1,2';
}

function channelsOf(graph: Graph, conv: Node): number | undefined {
  const perGroup = graph.constants.get(conv.inputs[1])?.dims[1];
  const { group } = conv.attributes;
  return perGroup === undefined ? undefined : perGroup * (group?.kind === 'int' ? group.value : 1);
}
