import type { Classifier } from '../classifier/classifier.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import type { Engine, Executable } from '../engine/engine.ts';
import type { Builder } from '../graph/builder.ts';
import { close, differentiate, extend } from '../graph/differentiate.ts';
import { attr } from '../graph/attributes.ts';
import type { Graph, TypedGraph } from '../graph/ir.ts';
import { specialise } from '../graph/specialise.ts';
import { simplify } from '../graph/simplify.ts';

const PREFIX = 'objective.';

/** A classifier's graph that computes the objective and its gradient, and the names of its values. */
export interface ObjectiveGraph {
  readonly graph: TypedGraph;
  /** Inputs: the network's [N, C, H, W], the weight of each logit [N, K] and of each image's variance [N]. */
  readonly image: string;
  readonly logitWeights: string;
  readonly varianceWeight: string;
  /** Outputs: logits [N, K], probability variances [N], and the gradient with respect to the network's input. */
  readonly logits: string;
  readonly variance: string;
  readonly gradient: string;
}

/**
 * Adds to a network the objective Σ_n Σ_k logitWeights[n, k] · z[n, k] + Σ_n varianceWeight[n] · Var_k(softmax(z[n]))
 * and its gradient with respect to the network's input. Both stages of the method (arXiv 2309.17144, section 3) are
 * this objective under other weights: stage 1 minimises the variance, stage 2 minus the logit of a class.
 *
 * @param network with one input, whose only output is the logits [N, K]
 * @throws GraphError `no-gradient` when the logits depend on the input through an operator without a derivative
 */
export function withObjective(network: TypedGraph): ObjectiveGraph {
  const graph = simplify(network);
  const [image, logits] = [graph.inputs[0].name, graph.outputs[0]];
  const build = extend(graph, PREFIX);
  const [count, classes] = build.dims(logits);
  const logitWeights = `${PREFIX}logitWeights`;
  const varianceWeight = `${PREFIX}varianceWeight`;
  build.types.set(logitWeights, { dtype: 'float32', dims: [count, classes] });
  build.types.set(varianceWeight, { dtype: 'float32', dims: [count] });
  const variance = probabilityVariance(build, logits, classes);
  const seeds = new Map([
    [logits, logitWeights],
    [variance, varianceWeight],
  ]);
  const [gradient] = differentiate(graph, build, seeds, [image]);
  const closed = close(graph, build, [logits, variance, gradient]);
  const added = [logitWeights, varianceWeight].map((name) => ({ name, ...build.type(name) }));
  return {
    graph: { ...closed, inputs: [...closed.inputs, ...added] },
    image,
    logitWeights,
    varianceWeight,
    logits,
    variance,
    gradient,
  };
}

/**
 * L_pv: the population variance over the classes of softmax(z), [N]. The mean probability is 1 / K whatever the
 * logits are, so the variance is the mean of (p − 1 / K)². It is 0 where every class is equally likely, and
 * (K − 1) / K² where one is certain.
 */
function probabilityVariance(build: Builder, logits: string, classes: number): string {
  const probabilities = build.add('Softmax', [logits], { axis: attr.int(1) });
  const deviations = build.add('Sub', [probabilities, build.scalar(1 / classes)]);
  const squares = build.add('Mul', [deviations, deviations]);
  return build.add('Mul', [build.sum(squares, [1], false), build.scalar(1 / classes)]);
}

/** Largest probability variance that K classes can have: that of a one-hot output. */
export const largestVariance = (classes: number): number => (classes - 1) / classes ** 2;

/** What one run of the objective gives. */
export interface Evaluation {
  /** [N, K] */
  readonly logits: Float32Array;
  /** [N] */
  readonly variance: Float32Array;
  /** [N, C, H, W], with respect to what the network takes, after preprocessing. */
  readonly gradient: Float32Array;
}

/** The objective of a classifier, compiled for a number of images. */
export class Objective {
  readonly batch: number;
  readonly classes: number;
  readonly compileMs: number;
  /** As `Executable.fallback`. */
  readonly fallback: string | undefined;
  readonly #names: ObjectiveGraph;
  readonly #executable: Executable;

  private constructor(names: ObjectiveGraph, executable: Executable, compileMs: number) {
    this.#names = names;
    this.#executable = executable;
    this.fallback = executable.fallback;
    [this.batch, this.classes] = names.graph.types.get(names.logits)!.dims;
    this.compileMs = compileMs;
  }

  /**
   * Differentiates and compiles a classifier.
   * @param batch images a run
   * @param atOnce as `Engine.compile`
   * @throws ClassifierError when the file fixes another number, GraphError when it cannot be differentiated
   */
  static async compile(
    classifier: Classifier,
    engine: Engine,
    batch: number,
    atOnce?: number,
  ): Promise<Objective> {
    const graph = () => specialiseClassifier(classifier, batch, [classifier.logits]);
    return Objective.#open(graph, engine, atOnce);
  }

  /**
   * Differentiates and compiles a network as its file has it, without preprocessing.
   * @param graph with one input, whose only output is the logits [N, K]
   * @throws GraphError when it cannot be differentiated
   */
  static async compileGraph(
    graph: Graph,
    shapes: Readonly<Record<string, readonly number[]>>,
    engine: Engine,
  ): Promise<Objective> {
    return Objective.#open(() => specialise(graph, shapes), engine);
  }

  static async #open(graph: () => TypedGraph, engine: Engine, atOnce?: number): Promise<Objective> {
    const start = performance.now();
    const names = withObjective(graph());
    const executable = await engine.compile(names.graph, atOnce);
    return new Objective(names, executable, performance.now() - start);
  }

  /**
   * @param images [N, C, H, W] after preprocessing
   * @param logitWeights [N, K]
   * @param varianceWeight [N]
   * @param spent an earlier evaluation that nobody looks at any more: its memory is given away
   */
  async run(
    images: Float32Array,
    logitWeights: Float32Array,
    varianceWeight: Float32Array,
    spent?: Evaluation,
  ): Promise<Evaluation> {
    const names = this.#names;
    const feeds = {
      [names.image]: images,
      [names.logitWeights]: logitWeights,
      [names.varianceWeight]: varianceWeight,
    };
    const results = await this.#executable.run(
      feeds,
      spent && { [names.gradient]: spent.gradient },
    );
    return {
      logits: results[names.logits] as Float32Array,
      variance: results[names.variance] as Float32Array,
      gradient: results[names.gradient] as Float32Array,
    };
  }

  /** As `Executable.width`. */
  get width(): number {
    return this.#executable.width ?? 1;
  }

  /** As `Executable.computedMs`. */
  get computedMs(): number | undefined {
    return this.#executable.computedMs;
  }

  async release(): Promise<void> {
    await this.#executable.release();
  }
}
