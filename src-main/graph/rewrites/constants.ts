import { sizeOf, type Tensor, type TypedGraph } from '../ir.ts';

/** Larger constants are weights, of which no two are equal. */
const MAX_ELEMENTS = 2 ** 17;

/** Lets equal constants be one, so that engines see that computations on them are the same. */
export function shareConstants(graph: TypedGraph): TypedGraph {
  const seen = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const [name, value] of graph.constants) {
    if (sizeOf(value.dims) > MAX_ELEMENTS || graph.outputs.includes(name)) continue;
    const key = contentOf(value);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, name);
    else renamed.set(name, first);
  }
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) => renamed.get(input) ?? input),
  }));
  const constants = new Map([...graph.constants].filter(([name]) => !renamed.has(name)));
  return { ...graph, nodes, constants };
}

function contentOf({ dtype, dims, data }: Tensor): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return `${dtype} ${dims.join()} ${bytes.toString('latin1')}`;
}
