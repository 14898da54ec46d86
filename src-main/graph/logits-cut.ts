import { intAttr } from './attributes.ts';
import { axisOf, sizeOf, type Node, type TypedGraph } from './ir.ts';

/** What may stand behind the logits and is cut off. */
export type Cut = 'Softmax' | 'Sigmoid' | 'LogSoftmax';

export interface CutLogits {
  /** Name of the logits value. */
  readonly logits: string;
  readonly cut?: Cut;
}

/** Operators that hand every element on, unchanged and in order, where the shapes below say so. */
const PASSING = new Set(['Identity', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * Walks from an output back to the logits: past operators that only reshape, and past one final Softmax, Sigmoid or
 * LogSoftmax. A softmax elsewhere, as in attention, is never reached, because nothing else is walked past.
 *
 * @param graph typed, with `output` among its values
 * @param output a value of shape [N, K], or with further dimensions of 1
 * @param usable whether a value can be named as an output of the untyped graph
 * @returns the output itself where nothing is cut
 */
export function cutLogits(
  graph: TypedGraph,
  output: string,
  usable: (name: string) => boolean,
): CutLogits {
  const makers = makersOf(graph);
  const end = passBack(graph, makers, output);
  const found = normaliser(graph, makers, end);
  return found && usable(found.logits) ? found : { logits: output };
}

type Makers = ReadonlyMap<string, Node>;

function makersOf(graph: TypedGraph): Makers {
  return new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
}

function passBack(graph: TypedGraph, makers: Makers, value: string): string {
  const node = makers.get(value);
  if (!node || !PASSING.has(node.op)) return value;
  const [input] = node.inputs;
  return keepsClasses(graph, input, value) ? passBack(graph, makers, input) : value;
}

/** Same floats, and the same shape but for dimensions of 1: then elements are in the same order too. */
function keepsClasses(graph: TypedGraph, from: string, to: string): boolean {
  const source = graph.types.get(from)!;
  const target = graph.types.get(to)!;
  const core = (dims: readonly number[]) => dims.filter((dim) => dim !== 1).join();
  return source.dtype === 'float32' && core(source.dims) === core(target.dims);
}

function normaliser(graph: TypedGraph, makers: Makers, value: string): CutLogits | undefined {
  const node = makers.get(value);
  switch (node?.op) {
    case 'Sigmoid':
      return { logits: node.inputs[0], cut: 'Sigmoid' };
    case 'Softmax':
    case 'LogSoftmax':
      return isOverClasses(graph, node) ? { logits: node.inputs[0], cut: node.op } : undefined;
    case 'Log': {
      const inner = normaliser(graph, makers, node.inputs[0]);
      return inner?.cut === 'Softmax' ? { logits: inner.logits, cut: 'LogSoftmax' } : undefined;
    }
    case 'Div':
      return quotient(graph, makers, node);
    default:
      return undefined;
  }
}

/** Whether the axis is the only one but the batch that has more than one element. */
function isOverClasses(graph: TypedGraph, node: Node): boolean {
  const { dims } = graph.types.get(node.inputs[0])!;
  const axis = axisOf(intAttr(node, 'axis', -1), dims.length);
  return dims.length === 1 || (axis > 0 && dims[axis] === sizeOf(dims.slice(1)));
}

/** A softmax written out, exp(x − max x) / Σ exp(x − max x): the maximum shifts all logits alike, so they are x. */
function quotient(graph: TypedGraph, makers: Makers, { inputs }: Node): CutLogits | undefined {
  const exp = makers.get(inputs[0]);
  const sum = makers.get(inputs[1]);
  if (exp?.op !== 'Exp' || sum?.op !== 'ReduceSum' || sum.inputs[0] !== inputs[0]) return undefined;
  if (!reducesClasses(graph, sum)) return undefined;
  const [exponent] = exp.inputs;
  const shift = makers.get(exponent);
  const most = shift?.op === 'Sub' ? makers.get(shift.inputs[1]) : undefined;
  const shifted = most?.op === 'ReduceMax' && most.inputs[0] === shift?.inputs[0];
  const whole = shifted && reducesClasses(graph, most);
  return { logits: whole ? most.inputs[0] : exponent, cut: 'Softmax' };
}

/** Whether a reduction leaves one number for each image, in its place. */
function reducesClasses(graph: TypedGraph, node: Node): boolean {
  const { dims } = graph.types.get(node.inputs[0])!;
  const reduced = graph.types.get(node.outputs[0])!.dims;
  return reduced.length === dims.length && reduced[0] === dims[0] && sizeOf(reduced.slice(1)) === 1;
}
