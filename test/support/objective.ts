import { close, differentiate, extend } from '../../src-main/graph/differentiate.ts';
import type { Tensor, TypedGraph } from '../../src-main/graph/ir.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { compile } from './run.ts';

export interface Differentiated {
  readonly values: Tensor;
  /** Gradient with respect to the graph's only input. */
  readonly gradient: Tensor;
}

/**
 * Runs a classifier forward and backward on onnxruntime.
 * @param value name of a [batch, classes] value of the graph
 * @param classes one for each image: the objective is the sum over b of value[b, classes[b]]
 */
export async function differentiateClasses(
  graph: TypedGraph,
  value: string,
  classes: readonly number[],
  input: Tensor,
): Promise<Differentiated> {
  const [{ name }] = graph.inputs;
  const build = extend(graph, 'gradient/');
  const { dims } = build.type(value);
  const oneHot = new Float32Array(dims[0] * dims[1]);
  classes.forEach((label, image) => (oneHot[image * dims[1] + label] = 1));
  const seeds = new Map([[value, build.constant(floats(dims, oneHot))]]);
  const [gradient] = differentiate(graph, build, seeds, [name]);
  const run = await compile(close(graph, build, [value, gradient]));
  const results = await run(new Map([[name, input]]));
  return { values: results.get(value)!, gradient: results.get(gradient)! };
}
