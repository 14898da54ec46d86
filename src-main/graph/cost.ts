import { sizeOf, type Node, type TypedGraph } from './ir.ts';

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
