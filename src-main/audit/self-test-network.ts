import type { Classifier } from '../classifier/classifier.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import { randomRow } from '../classifier/random-row.ts';
import { preprocess, preprocessOf } from '../classifier/preprocess.ts';
import type { Engine, Executable } from '../engine/engine.ts';
import { simplify } from '../graph/simplify.ts';
import { Objective } from '../prototype/objective.ts';
import { Stream } from '../random/philox.ts';

/** Images of one run: as many as the file fixes. */
const batchOf = ({ input }: Classifier): number => (input.batch === 'free' ? 1 : input.batch);

/** The image several times, for a model that fixes its batch. */
function repeated(image: Float32Array, batch: number): Float32Array {
  const all = new Float32Array(batch * image.length);
  for (let i = 0; i < batch; i++) all.set(image, i * image.length);
  return all;
}

/** Numbers that a model takes for one image, or row. */
export const sizeOfInput = ({ input }: Classifier): number =>
  input.channels * input.height * input.width;

/**
 * A random image as the network takes it: uniform noise in [0, 1], preprocessed; of a table, a row within its bounds.
 * @param index which one
 */
export function randomInput(classifier: Classifier, index: number): Float32Array {
  const { features } = classifier;
  const stream = new Stream(0, index, 0, 'noise').seek(0);
  const image = features
    ? randomRow(features, stream)
    : new Float32Array(sizeOfInput(classifier)).map(() => stream.uniform());
  return preprocessed(classifier, image);
}

/** @param image planar in [0, 1] */
export function preprocessed(classifier: Classifier, image: Float32Array): Float32Array {
  const input = new Float32Array(image.length);
  preprocess(preprocessOf(classifier.preprocessing), image, input);
  return input;
}

/** The logits of a classifier on an engine, an image at a time. */
export class Forward {
  readonly #executable: Executable;
  readonly #classifier: Classifier;

  private constructor(executable: Executable, classifier: Classifier) {
    this.#executable = executable;
    this.#classifier = classifier;
  }

  static async open(classifier: Classifier, engine: Engine): Promise<Forward> {
    const batch = batchOf(classifier);
    const graph = simplify(specialiseClassifier(classifier, batch, [classifier.logits]));
    return new Forward(await engine.compile(graph), classifier);
  }

  /** @param input preprocessed @returns [K] */
  async logits(input: Float32Array): Promise<Float32Array> {
    const batch = batchOf(this.#classifier);
    const { graph, logits } = this.#classifier;
    const feeds = { [graph.inputs[0].name]: repeated(input, batch) };
    const all = (await this.#executable.run(feeds))[logits] as Float32Array;
    return all.slice(0, all.length / batch);
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}

/** The gradient of a logit, as prototypes are made with it. */
export class Backward {
  readonly #objective: Objective;

  private constructor(objective: Objective) {
    this.#objective = objective;
  }

  /** @throws GraphError when the classifier has no gradient */
  static async open(classifier: Classifier, engine: Engine): Promise<Backward> {
    return new Backward(await Objective.compile(classifier, engine, batchOf(classifier)));
  }

  /** @param input preprocessed @returns the derivative of a class's logit by each of its numbers */
  async gradient(input: Float32Array, classIndex: number): Promise<Float32Array> {
    const { batch, classes } = this.#objective;
    const weights = new Float32Array(batch * classes);
    weights[classIndex] = 1;
    const images = repeated(input, batch);
    const { gradient } = await this.#objective.run(images, weights, new Float32Array(batch));
    return gradient.slice(0, input.length);
  }

  release(): Promise<void> {
    return this.#objective.release();
  }
}

/** Largest difference of two lists, relative to the largest value of the second; `NaN` where a value is none. */
export function relativeError(ours: Float32Array, theirs: Float32Array): number {
  let [most, size] = [0, Number.MIN_VALUE];
  for (let i = 0; i < theirs.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    if (!Number.isFinite(difference)) return NaN;
    most = Math.max(most, difference);
    size = Math.max(size, Math.abs(theirs[i]));
  }
  return most / size;
}
