import { expect } from 'vitest';
import { Builder } from '../../src-main/graph/builder.ts';
import { close, differentiate, extend } from '../../src-main/graph/differentiate.ts';
import { sizeOf, type Attributes, type Tensor, type TypedGraph } from '../../src-main/graph/ir.ts';
import { operatorOf } from '../../src-main/graph/operators/index.ts';
import { floats, numbersOf } from '../../src-main/graph/tensor.ts';
import { uniform } from './random.ts';
import { compile, type Runner } from './run.ts';

/** An application of one operator to given tensors. */
export interface OperatorCase {
  readonly op: string;
  /** `undefined` where an optional input is omitted. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes?: Attributes;
  /** Number of outputs, 1 by default. */
  readonly outputs?: number;
  /** Indexes of the inputs that are fed and differentiated; the others are constants. By default all float32 inputs. */
  readonly wrt?: readonly number[];
  /** Allowed error relative to the largest of what is compared; see `TOLERANCE`. */
  readonly tolerance?: number;
}

/** Several nodes as one function. `build` receives the names of `inputs` and returns those of the outputs. */
export interface FunctionCase {
  readonly inputs: readonly (Tensor | undefined)[];
  readonly wrt?: readonly number[];
  readonly tolerance?: number;
  build(build: Builder, inputs: readonly string[]): readonly string[];
}

export type GradientCase = OperatorCase | FunctionCase;

/**
 * A central difference over h of float32 values of size 1 errs by about 1e-7 / h from rounding and h⁴ f⁽⁵⁾ / 30 from
 * truncation after one Richardson step (h and h / 2). With h = 1/32 both are near 1e-5 for one value; 2e-3 of the
 * derivative's root mean square leaves room for sums over many values and for steep functions.
 * Points must stay `2 * STEP` away from kinks.
 */
export const TOLERANCE = 2e-3;
export const STEP = 1 / 32;
const DIRECTIONS = 4;
/** Smaller derivatives are compared absolutely: rounding alone moves a difference by up to LEAST * TOLERANCE. */
const LEAST = 0.02;

interface Prepared {
  readonly graph: TypedGraph;
  readonly feeds: ReadonlyMap<string, Tensor>;
  /** Name of each input, the empty name where it is omitted. */
  readonly names: readonly string[];
  readonly wrt: readonly number[];
}

/** Everything below in one call: types, values (where all can be evaluated) and gradients of one operator. */
export async function checkOperator(given: OperatorCase): Promise<void> {
  await checkTypes(given);
  if (operatorOf(given.op).evaluate) await checkEvaluation(given);
  await checkGradient(given);
}

/** Our shape rule against the types that onnxruntime really returns. */
export async function checkTypes(given: GradientCase): Promise<void> {
  const { graph, feeds } = prepare(given);
  const results = await (await compile(graph))(feeds);
  for (const name of graph.outputs) {
    const { dtype, dims } = results.get(name)!;
    expect({ dtype, dims: [...dims] }, label(given)).toEqual(graph.types.get(name));
  }
}

/** Our `evaluate`, that folds constants, against what onnxruntime computes: integers exactly, floats to 1e-6. */
export async function checkEvaluation(given: OperatorCase): Promise<void> {
  const { graph, feeds } = prepare(given);
  const results = await (await compile(graph))(feeds);
  const ours = operatorOf(given.op).evaluate!(graph.nodes[0], given.inputs);
  graph.outputs.forEach((name, i) => {
    const theirs = results.get(name)!;
    expect({ dtype: ours[i].dtype, dims: ours[i].dims }, label(given)).toEqual({
      dtype: theirs.dtype,
      dims: theirs.dims,
    });
    expectClose(ours[i], theirs, theirs.dtype === 'float32' ? 1e-6 : 0, label(given));
  });
}

/** Gradients against central differences of onnxruntime's own forward pass, each input along random directions. */
export async function checkGradient(given: GradientCase): Promise<void> {
  const prepared = prepare(given);
  const cotangents = randomCotangents(prepared.graph);
  const { gradients } = await vectorJacobian(given, cotangents);
  const forward = await compile(prepared.graph);
  for (const index of prepared.wrt) {
    for (let k = 0; k < DIRECTIONS; k++) {
      const direction = uniform(prepared.feeds.get(prepared.names[index])!.dims, -1, 1, 100 + k);
      const measured = await slope(forward, prepared, index, direction, cotangents);
      const parts = products(gradients[index]!, direction);
      const claimed = parts.reduce((sum, part) => sum + part, 0);
      const size = Math.max(Math.hypot(...parts), LEAST);
      const error = Math.abs(measured - claimed) / size;
      const what = `${label(given)}, input ${index}: ${claimed} against ${measured} measured`;
      expect(error, what).toBeLessThan(given.tolerance ?? TOLERANCE);
    }
  }
}

/**
 * Outputs, and the gradient of sum <cotangent, output> for each input of `wrt` (`undefined` for the others), as
 * onnxruntime computes them: what golden values are compared with.
 */
export async function vectorJacobian(
  given: GradientCase,
  cotangents: readonly Tensor[],
): Promise<{ outputs: Tensor[]; gradients: (Tensor | undefined)[] }> {
  const { graph, feeds, names, wrt } = prepare(given);
  const seeds = new Map(graph.outputs.map((name, i) => [name, `cotangent${i}`]));
  const extra = graph.outputs.map((name, i) => ({
    ...graph.types.get(name)!,
    name: `cotangent${i}`,
  }));
  const types = new Map([...graph.types, ...extra.map((input) => [input.name, input] as const)]);
  const seeded = { ...graph, inputs: [...graph.inputs, ...extra], types };
  const build = extend(seeded, 'grad/');
  const found = differentiate(
    seeded,
    build,
    seeds,
    wrt.map((index) => names[index]),
  );
  const run = await compile(close(seeded, build, [...graph.outputs, ...found]));
  const results = await run(
    new Map([...feeds, ...cotangents.map((c, i) => [`cotangent${i}`, c] as const)]),
  );
  const gradients = names.map((_, index) => {
    const position = wrt.indexOf(index);
    return position < 0 ? undefined : results.get(found[position]);
  });
  return { outputs: graph.outputs.map((name) => results.get(name)!), gradients };
}

/** Same shape, and max |a − b| ≤ tolerance · max |b| (or equal, for infinities and NaN). */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what = ''): void {
  expect(actual.dims, what).toEqual(expected.dims);
  const a = numbersOf(actual);
  const b = numbersOf(expected);
  let scale = 0;
  for (let i = 0; i < b.length; i++)
    if (Number.isFinite(b[i])) scale = Math.max(scale, Math.abs(b[i]));
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    const error = Math.abs(a[i] - b[i]);
    expect(error <= tolerance * scale, `${what} element ${i}: ${a[i]}, not ${b[i]}`).toBe(true);
  }
}

function prepare(given: GradientCase): Prepared {
  const build = new Builder('value/');
  const wrt =
    given.wrt ??
    given.inputs.flatMap((input, index) => (input?.dtype === 'float32' ? [index] : []));
  const feeds = new Map<string, Tensor>();
  const names = given.inputs.map((input, index) => {
    if (!input) return '';
    if (!wrt.includes(index)) return build.constant(input, 'given');
    feeds.set(`input${index}`, input);
    build.types.set(`input${index}`, { dtype: input.dtype, dims: input.dims });
    return `input${index}`;
  });
  const outputs =
    'op' in given
      ? build.addMany(given.op, names, given.attributes ?? {}, given.outputs ?? 1)
      : given.build(build, names);
  const inputs = [...feeds].map(([name, { dtype, dims }]) => ({ name, dtype, dims }));
  const { nodes, constants, types } = build;
  return { graph: { name: 'test', inputs, outputs, nodes, constants, types }, feeds, names, wrt };
}

function randomCotangents(graph: TypedGraph): Tensor[] {
  return graph.outputs.map((name, i) =>
    uniform(graph.types.get(name)!.dims, 0.5, 1.5, 7 + i, true),
  );
}

/** Derivative of sum <cotangent, output> as input `index` moves along `direction`. */
async function slope(
  forward: Runner,
  { graph, feeds, names }: Prepared,
  index: number,
  direction: Tensor,
  cotangents: readonly Tensor[],
): Promise<number> {
  const difference = async (step: number): Promise<number> => {
    const objective = async (signed: number): Promise<number> => {
      const moved = new Map(feeds).set(
        names[index],
        stepped(feeds.get(names[index])!, direction, signed),
      );
      const results = await forward(moved);
      return graph.outputs.reduce(
        (sum, name, i) => sum + dot(results.get(name)!, cotangents[i]),
        0,
      );
    };
    return ((await objective(step)) - (await objective(-step))) / (2 * step);
  };
  return (4 * (await difference(STEP / 2)) - (await difference(STEP))) / 3;
}

function stepped(from: Tensor, direction: Tensor, step: number): Tensor {
  const d = numbersOf(direction);
  return floats(
    from.dims,
    Float32Array.from(numbersOf(from), (value, i) => value + step * d[i]),
  );
}

function products(a: Tensor, b: Tensor): number[] {
  const other = numbersOf(b);
  return Array.from(numbersOf(a), (value, i) => value * other[i]);
}

function dot(a: Tensor, b: Tensor): number {
  if (sizeOf(a.dims) !== sizeOf(b.dims)) throw new Error('the cotangent has another shape');
  return products(a, b).reduce((sum, product) => sum + product, 0);
}

function label(given: GradientCase): string {
  const shapes = given.inputs.map((input) => (input ? `[${input.dims.join(',')}]` : '–'));
  return `${'op' in given ? given.op : 'function'} ${shapes.join(' ')}`;
}
