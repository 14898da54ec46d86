import { close, differentiate, extend } from '../../src-main/graph/differentiate.ts';
import type { Tensor, TypedGraph } from '../../src-main/graph/ir.ts';
import { lower } from '../../src-main/graph/lower.ts';
import { simplify } from '../../src-main/graph/simplify.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { compile, type Runner } from './run.ts';

export interface Differentiated {
  readonly values: Tensor;
  /** Gradient with respect to the graph's only input. */
  readonly gradient: Tensor;
}

/**
 * Runs a classifier forward and backward on onnxruntime, simplified and lowered as the engine gets it.
 * @param value name of a [batch, classes] value of the graph
 * @param compileGraph makes the whole graph ready; by default onnxruntime alone, lowered as its engine gets it
 * @param classes one for each image: the objective is the sum over b of value[b, classes[b]]
 */
export async function differentiateClasses(
  graph: TypedGraph,
  value: string,
  classes: readonly number[],
  input: Tensor,
  compileGraph: (graph: TypedGraph) => Promise<Runner> = (whole) => compile(lower(whole)),
): Promise<Differentiated> {
  const [{ name }] = graph.inputs;
  const simple = simplify(graph, [value]);
  const build = extend(simple, 'gradient/');
  const { dims } = build.type(value);
  const oneHot = new Float32Array(dims[0] * dims[1]);
  classes.forEach((label, image) => (oneHot[image * dims[1] + label] = 1));
  const seeds = new Map([[value, build.constant(floats(dims, oneHot))]]);
  const [gradient] = differentiate(simple, build, seeds, [name]);
  const run = await compileGraph(close(simple, build, [value, gradient]));
  const results = await run(new Map([[name, input]]));
  return { values: results.get(value)!, gradient: results.get(gradient)! };
}
