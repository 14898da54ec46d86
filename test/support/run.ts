import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { writeOnnx } from '../../src-main/graph/onnx/write.ts';
import type { DType, Tensor, TypedGraph } from '../../src-main/graph/ir.ts';

/** Runs a compiled graph on named tensors. */
export type Runner = (feeds: ReadonlyMap<string, Tensor>) => Promise<Map<string, Tensor>>;

/**
 * Compiles a graph with onnxruntime alone, so that tests of graphs depend on no engine of ours. Outputs that are
 * inputs as well (a gradient may simply be the cotangent) are handed through, for onnxruntime refuses them.
 */
export async function compile(graph: TypedGraph): Promise<Runner> {
  const inputs = new Set(graph.inputs.map((input) => input.name));
  const computed = [...new Set(graph.outputs)].filter((name) => !inputs.has(name));
  const session =
    computed.length > 0 ? await sessionOf({ ...graph, outputs: computed }) : undefined;
  return async (feeds) => {
    const wanted = [...feeds].filter(([name]) => inputs.has(name));
    const given = Object.fromEntries(wanted.map(([name, value]) => [name, toOrt(value)]));
    const results = session ? Object.entries(await session.run(given)) : [];
    return new Map([...wanted, ...results.map(([name, value]) => [name, fromOrt(value)] as const)]);
  };
}

function sessionOf(graph: TypedGraph): Promise<InferenceSession> {
  return InferenceSession.create(writeOnnx(graph), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
}

function toOrt(value: Tensor): OrtTensor {
  return new OrtTensor(value.dtype, value.data as never, value.dims);
}

function fromOrt(value: OrtTensor): Tensor {
  return { dtype: value.type as DType, dims: value.dims, data: value.data as Tensor['data'] };
}
