import { sizeOf, type Node, type TypedGraph, type ValueType } from './ir.ts';

/**
 * Multiply-adds of one run of a graph, counted over convolutions and matrix products alone: what nearly all of the time
 * goes to in an image classifier. For estimates of time, not for claims.
 */
export function multiplyAdds(graph: TypedGraph): number {
  return graph.nodes.reduce((sum, node) => sum + ofNode(node, graph), 0);
}

function ofNode({ op, inputs, outputs }: Node, { types }: TypedGraph): number {
  const dims = (name: string): readonly number[] => types.get(name)?.dims ?? [];
  const results = sizeOf(dims(outputs[0]));
  switch (op) {
    case 'Conv':
      // Weights are [out, in / groups, kernel…]: each result sums over all but the first.
      return results * sizeOf(dims(inputs[1]).slice(1));
    case 'ConvTranspose':
      return sizeOf(dims(inputs[0])) * sizeOf(dims(inputs[1]).slice(1));
    case 'MatMul':
      return results * (dims(inputs[0]).at(-1) ?? 1);
    case 'Gemm':
      // Either operand may be transposed: the summed dimension is what both shapes hold beyond the result's.
      return Math.sqrt(results * sizeOf(dims(inputs[0])) * sizeOf(dims(inputs[1])));
    default:
      return 0;
  }
}

/** Bytes of an element. */
const WIDTHS: Readonly<Record<ValueType['dtype'], number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  ...{ uint8: 1, int8: 1, bool: 1 },
};

export interface MemoryCost {
  /** Bytes of weights and other constants. */
  readonly constants: number;
  /** Most bytes that values of one run, inputs included, hold at the same time. */
  readonly activations: number;
}

/**
 * What a run keeps in memory, if each value is freed after its last use: in a gradient graph most activations wait for
 * the backward pass. Engines take more, for their own workspaces and because they free in pieces.
 */
export function memoryCost(graph: TypedGraph): MemoryCost {
  const bytes = (name: string): number => {
    const type = graph.types.get(name);
    return type && !graph.constants.has(name) ? sizeOf(type.dims) * WIDTHS[type.dtype] : 0;
  };
  const lastUse = new Map(graph.nodes.flatMap(({ inputs }, i) => inputs.map((name) => [name, i])));
  for (const name of graph.outputs) lastUse.set(name, Infinity);
  let held = graph.inputs.reduce((sum, { name }) => sum + bytes(name), 0);
  let most = held;
  for (const [i, { inputs, outputs }] of graph.nodes.entries()) {
    for (const name of outputs) held += bytes(name);
    most = Math.max(most, held);
    const values = new Set([...inputs, ...outputs]);
    for (const name of values) if ((lastUse.get(name) ?? i) === i) held -= bytes(name);
  }
  const constants = [...graph.constants.values()].reduce(
    (sum, { data }) => sum + data.byteLength,
    0,
  );
  return { constants, activations: most };
}
