import type { TypedGraph } from '../graph/ir.ts';
import { EngineError } from './engine.ts';
import type { Port } from './onnxruntime-worker.ts';

/** A value of a graph as a native session takes or gives it. @throws EngineError when its type is not known */
export function portOf(graph: TypedGraph, name: string): Port {
  const type = graph.types.get(name);
  if (!type) throw new EngineError(`The graph ${graph.name} has no type for its value ${name}.`);
  return { name, dtype: type.dtype, dims: type.dims };
}

/** @throws EngineError when the graph gives back one of its own inputs, which has nothing to compute */
export function refuseEcho(graph: TypedGraph): void {
  const echo = graph.outputs.find((name) => graph.inputs.some((input) => input.name === name));
  if (echo === undefined) return;
  throw new EngineError(
    `The graph ${graph.name} gives back its own input ${echo}; there is nothing to compute.`,
  );
}
