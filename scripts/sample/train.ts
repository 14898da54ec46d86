import type { Engine, Executable } from '../../src-main/engine/engine.ts';
import { close, differentiate, extend } from '../../src-main/graph/differentiate.ts';
import { attr } from '../../src-main/graph/attributes.ts';
import { sizeOf, type TypedGraph } from '../../src-main/graph/ir.ts';
import { specialise } from '../../src-main/graph/specialise.ts';
import { adam, type Moments } from '../../src-main/prototype/adam.ts';
import { Stream } from '../../src-main/random/philox.ts';
import { paint, SIDE, type Digit } from './digits.ts';
import { fanIn, trainable, weightShapes } from './network.ts';

export type Weights = Record<string, Float32Array>;

/** Chooses the colour (0 to 9) of a digit; `draw` gives uniform numbers in (0, 1). */
export type Dye = (label: number, draw: () => number) => number;

export const BATCH = 100;
const PIXELS = 3 * SIDE * SIDE;
const OPTIMISER = { learningRate: 0.002, betas: [0.9, 0.999], epsilon: 1e-8 } as const;

/** Scales planar RGB in [0, 1] as the sidecar's preprocessing says: mean 0.1, standard deviation 0.25. */
export const MEAN = 0.1;
export const STD = 0.25;

/**
 * Trains the digit network with Adam on the mean cross-entropy of batches of 100. The gradient of the weights is made
 * by the same differentiation that makes prototypes, with the weights as inputs of the graph.
 */
export async function train(
  engine: Engine,
  digits: readonly Digit[],
  dye: Dye,
  seed: number,
  epochs: number,
): Promise<Weights> {
  const { graph, gradients } = lossGraph();
  const executable = await engine.compile(graph);
  const weights = initialise(seed);
  const moments: Record<string, Moments> = {};
  for (const [name, values] of Object.entries(weights)) {
    moments[name] = {
      first: new Float32Array(values.length),
      second: new Float32Array(values.length),
    };
  }
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const stream = new Stream(seed, epoch + 1, 0, 'start').seek(0);
    const draw = (): number => stream.uniform();
    const order = shuffled(digits.length, draw);
    for (let start = 0; start + BATCH <= order.length; start += BATCH) {
      const batch = batchOf(
        order.slice(start, start + BATCH).map((i) => digits[i]),
        dye,
        draw,
      );
      const result = await executable.run({ ...batch, ...weights });
      for (const [name, gradient] of gradients) {
        adam(OPTIMISER, step, weights[name], result[gradient] as Float32Array, moments[name]);
      }
      step++;
    }
  }
  await executable.release();
  return weights;
}

/** Cross-entropy of a batch, differentiated by every weight. */
function lossGraph(): { graph: TypedGraph; gradients: Map<string, string> } {
  const shapes = { input: [BATCH, 3, SIDE, SIDE], ...weightShapes };
  const typed = specialise(trainable(), shapes);
  const targets = { name: 'targets', dtype: 'float32', dims: [BATCH, 10] } as const;
  const graph: TypedGraph = { ...typed, inputs: [...typed.inputs, targets] };
  const build = extend(graph, 'loss/');
  build.types.set('targets', targets);
  const logProbability = build.add('LogSoftmax', ['logits'], { axis: attr.int(1) });
  // The cotangent of sum(targets · log p) / −batch is what the targets are scaled to beforehand.
  const names = Object.keys(weightShapes);
  const found = differentiate(graph, build, new Map([[logProbability, 'targets']]), names);
  return {
    graph: close(graph, build, found),
    gradients: new Map(names.map((name, i) => [name, found[i]])),
  };
}

/** He et al. 2015: normal weights of variance 2 / fan-in; biases start at zero. */
function initialise(seed: number): Weights {
  const weights: Weights = {};
  Object.entries(weightShapes).forEach(([name, dims], index) => {
    const values = new Float32Array(sizeOf(dims));
    if (name.endsWith('weight')) {
      new Stream(seed, 0, index, 'start').seek(0).normal(values, Math.sqrt(2 / fanIn(dims)));
    }
    weights[name] = values;
  });
  return weights;
}

/** A batch of painted, preprocessed digits with the cotangents of their classes. */
function batchOf(
  digits: readonly Digit[],
  dye: Dye,
  draw: () => number,
): Record<string, Float32Array> {
  const input = new Float32Array(digits.length * PIXELS);
  const targets = new Float32Array(digits.length * 10);
  digits.forEach(({ label, ink }, i) => {
    paint(ink, dye(label, draw), input, i * PIXELS);
    targets[i * 10 + label] = -1 / digits.length;
  });
  for (let i = 0; i < input.length; i++) input[i] = (input[i] - MEAN) / STD;
  return { input, targets };
}

/** Share of digits that a classifier names rightly when they are dyed so. */
export async function accuracy(
  classifier: Executable,
  digits: readonly Digit[],
  dye: Dye,
  seed: number,
): Promise<number> {
  const stream = new Stream(seed, 2 ** 31, 0, 'start').seek(0);
  let right = 0;
  let seen = 0;
  for (let start = 0; start + BATCH <= digits.length; start += BATCH) {
    const batch = digits.slice(start, start + BATCH);
    const { input } = batchOf(batch, dye, () => stream.uniform());
    const logits = (await classifier.run({ input })).logits as Float32Array;
    batch.forEach(({ label }, i) => (right += Number(argmax(logits, i * 10, 10) === label)));
    seen += batch.length;
  }
  return right / seen;
}

function argmax(values: Float32Array, offset: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[offset + i] > values[offset + best]) best = i;
  return best;
}

/** A random order of 0 … n−1 (Fisher and Yates). */
export function shuffled(n: number, draw: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const other = Math.floor(draw() * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
