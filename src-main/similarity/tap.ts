import type { Classifier } from '../classifier/classifier.ts';
import type { Layer } from '../classifier/layers.ts';
import type { Engine, Executable } from '../engine/engine.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import { preprocess, preprocessOf, type Preprocess } from '../classifier/preprocess.ts';
import { sizeOf, type TypedGraph } from '../graph/ir.ts';
import { lengthOf, type Tap } from './desk.ts';
import { SimilarityError } from './errors.ts';

/** What one image makes the network do. */
export interface Activity {
  readonly logits: Float32Array;
  /** One vector per tap; they belong to the caller. */
  readonly values: readonly Float32Array[];
}

/** A classifier with its layers' values as further outputs. */
export class TappedClassifier {
  readonly layers: readonly Layer[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Distinct values: layers that share one are computed and ranked once. */
  readonly taps: readonly Tap[];
  /** For each layer its index in `taps`. */
  readonly tapOf: readonly number[];
  /** As `Executable.fallback`. */
  readonly fallback: string | undefined;
  readonly #classifier: Classifier;
  readonly #graph: TypedGraph;
  readonly #executable: Executable;
  readonly #toNetwork: Preprocess;
  /** Memory of activations that are no longer needed. */
  readonly #spare: (readonly Float32Array[])[] = [];

  private constructor(
    classifier: Classifier,
    graph: TypedGraph,
    executable: Executable,
    plan: Plan,
  ) {
    this.#classifier = classifier;
    this.#graph = graph;
    this.#executable = executable;
    this.fallback = executable.fallback;
    this.#toNetwork = preprocessOf(classifier.preprocessing);
    this.layers = plan.layers;
    this.leftOut = plan.leftOut;
    this.taps = plan.taps;
    this.tapOf = plan.layers.map((layer) =>
      plan.taps.findIndex((tap) => tap.value === layer.value),
    );
  }

  /**
   * @param layers in the order in which they are computed
   * @throws SimilarityError when none of the layers can be compared; EngineError when the engine refuses the graph
   */
  static async open(
    engine: Engine,
    classifier: Classifier,
    layers: readonly Layer[],
  ): Promise<TappedClassifier> {
    const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
    const outputs = (values: readonly string[]) => [...new Set([classifier.logits, ...values])];
    const wanted = outputs(layers.map((layer) => layer.value));
    const plan = planOf(specialiseClassifier(classifier, batch, wanted), layers, batch);
    const kept = outputs(plan.taps.map((tap) => tap.value));
    const graph = specialiseClassifier(classifier, batch, kept);
    return new TappedClassifier(classifier, graph, await engine.compile(graph), plan);
  }

  /** @param pixels planar [channels, height, width] in [0, 1] */
  async run(pixels: Float32Array): Promise<Activity> {
    const [input] = this.#graph.inputs;
    const batch = input.dims[0] as number;
    const feed = new Float32Array(batch * pixels.length);
    preprocess(this.#toNetwork, pixels, feed.subarray(0, pixels.length));
    // A network of a fixed batch sees the image several times; the first copy counts.
    for (let i = 1; i < batch; i++) feed.copyWithin(i * pixels.length, 0, pixels.length);
    const spare = this.#spare.pop() ?? [];
    const into = Object.fromEntries(spare.map((vector, i) => [this.taps[i].value, vector]));
    const results = await this.#executable.run({ [input.name]: feed }, into);
    const first = (value: string, length: number) =>
      own((results[value] as Float32Array).subarray(0, length));
    const logits = results[this.#classifier.logits] as Float32Array;
    return {
      logits: logits.slice(0, logits.length / batch),
      values: this.taps.map((tap) => first(tap.value, lengthOf(tap))),
    };
  }

  /** Takes back memory of activations, one vector per tap, for a later run to write into. */
  recycle(spent: readonly Float32Array[]): void {
    if (spent.length === this.taps.length) this.#spare.push(spent);
  }

  async release(): Promise<void> {
    await this.#executable.release();
  }
}

/** A vector that owns its whole buffer, so that it can be given to another thread. */
function own(values: Float32Array): Float32Array {
  return values.byteLength === values.buffer.byteLength ? values : values.slice();
}

/** What a comparison of these layers keeps of every image, without compiling anything. */
export function tapsOf(classifier: Classifier, layers: readonly Layer[]): readonly Tap[] {
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  const values = layers.map((layer) => layer.value);
  const wanted = [...new Set([classifier.logits, ...values])];
  return planOf(specialiseClassifier(classifier, batch, wanted), layers, batch).taps;
}

interface Plan {
  readonly layers: readonly Layer[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly taps: readonly Tap[];
}

function planOf(graph: TypedGraph, wanted: readonly Layer[], batch: number): Plan {
  const layers: Layer[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for (const layer of wanted) {
    const reason = obstacle(graph, layer.value, batch);
    if (reason === undefined) layers.push(layer);
    else leftOut.push({ name: layer.name, reason });
  }
  if (layers.length === 0) {
    throw new SimilarityError(
      'None of the layers has activations to compare; choose another set of layers.',
    );
  }
  const values = [...new Set(layers.map((layer) => layer.value))];
  return {
    layers,
    leftOut,
    taps: values.map((value) => ({ value, dims: graph.types.get(value)!.dims })),
  };
}

function obstacle(graph: TypedGraph, value: string, batch: number): string | undefined {
  const type = graph.types.get(value);
  if (!type) return 'It is not part of the network.';
  if (graph.constants.has(value)) return 'It does not depend on the image.';
  if (type.dtype !== 'float32') return 'Its values are not real numbers.';
  if (type.dims.length < 2 || type.dims[0] !== batch) return 'It mixes the images of a batch.';
  return sizeOf(type.dims) === 0 ? 'It has no activations.' : undefined;
}
