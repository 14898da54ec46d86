import type { Classifier } from '../classifier/classifier.ts';
import { layersOf } from '../classifier/layers.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import type { Engine, EngineInfo, Executable } from '../engine/engine.ts';
import { sizeOf } from '../graph/ir.ts';
import { simplify } from '../graph/simplify.ts';
import type { Profile } from '../prototype/configuration.ts';
import { configurationFor } from '../prototype/medium.ts';
import { withObjective } from '../prototype/objective.ts';
import { PrototypeGenerator } from '../prototype/generate.ts';
import { Stream } from '../random/philox.ts';
import type { NaturalClass } from '../similarity/natural.ts';
import { pathSimilarity } from '../similarity/path-similarity.ts';
import { timeBatches, type BatchCost } from './benchmark-batches.ts';
import { median, quantile } from './quantile.ts';

export interface Benchmark {
  readonly model: string;
  /** [N, C, H, W] of one run. */
  readonly input: readonly number[];
  readonly engine: EngineInfo;
  readonly profile: Profile;
  /** Median time of a forward pass of one run, in milliseconds. */
  readonly forwardMs: number;
  /** The time that one in ten rounds stays below: what the machine can do when nothing else disturbs it. */
  readonly forwardLowMs: number;
  /**
   * Median time of a whole step: affine, forward, backward, adjoint, losses, Adam. Several prototypes are under way, as
   * in an audit: the network computes `atOnce` of them, and another takes the part of its step that is not the network's.
   */
  readonly stepMs: number;
  readonly stepLowMs: number;
  /** Median over the rounds of step over forward pass; both are measured in turn. */
  readonly stepOverForward: number;
  /** Runs that the network computes at the same time while prototypes are made; the threads are spread over them. */
  readonly atOnce: number;
  /** Median time of a forward pass, where as many are computed at the same time; and the step over that. */
  readonly forwardAtOnceMs: number;
  readonly stepOverForwardAtOnce: number;
  /** Steps of one prototype each, in a second: a step of a batch is as many. */
  readonly stepsPerSecond: number;
  /** Share of the time in which the network did not compute, 0 … 1; absent where the engine does not tell. */
  readonly shareOutsideNetwork?: number;
  /** Reading the file and understanding it. */
  readonly readMs?: number;
  /** Differentiating and simplifying, which is part of `compileMs`. */
  readonly differentiateMs: number;
  /** Differentiating and compiling. */
  readonly compileMs: number;
  /** By images a run. */
  readonly batches: readonly BatchCost[];
  /** What an image costs that is compared with its class: forward pass, ranks of all layers, all figures. */
  readonly similarityMsPerImage: number;
  readonly similarityOverForward: number;
  /** What a natural image costs, which the class is made of: decoding aside, both passes, leave-one-out included. */
  readonly naturalMsPerImage: number;
  readonly similarityLayers: number;
  readonly activations: number;
  /** Peak resident memory of the process so far, native memory and other models of the same run included. */
  readonly peakRssMB: number;
}

export interface BenchmarkOptions {
  readonly rounds: number;
  readonly profile: Profile;
  /** Images a run that are tried besides; those that do not fit into memory are left out. */
  readonly batches: readonly number[];
  /** How long reading the model took, in milliseconds. */
  readonly readMs?: number;
  readonly onProgress?: (share: number, label: string) => void;
}

const STEPS = 12;
const PASSES = 8;
const IMAGES = 12;

/** Measures a classifier on an engine, as `measureInTurn` does. */
export const measure = async (
  classifier: Classifier,
  engine: Engine,
  options: BenchmarkOptions,
): Promise<Benchmark> => (await measureInTurn(classifier, [engine], options))[0];

/**
 * Measures a classifier on several engines: forward passes and steps of all of them in turn, so that all see the same
 * machine.
 */
export async function measureInTurn(
  classifier: Classifier,
  engines: readonly Engine[],
  options: BenchmarkOptions,
): Promise<Benchmark[]> {
  const { rounds, onProgress = () => undefined } = options;
  const trials: Trial[] = [];
  for (const engine of engines) trials.push(await Trial.open(classifier, engine, options));
  const total = rounds + 2;
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    onProgress(Math.max(0, round) / total, `${classifier.name}: forward passes and steps`);
    for (const trial of trials) await trial.round(round);
  }
  const found: Benchmark[] = [];
  for (const trial of trials) {
    onProgress(rounds / total, `${classifier.name}: batches and similarity`);
    found.push(await trial.end());
  }
  return found;
}

/** A classifier on an engine, while it is measured. */
class Trial {
  readonly #classifier: Classifier;
  readonly #engine: Engine;
  readonly #options: BenchmarkOptions;
  readonly #generator: PrototypeGenerator;
  readonly #network: Executable;
  readonly #networkAtOnce: Executable;
  readonly #differentiateMs: number;
  readonly #feed: Record<string, Float32Array>;
  readonly #forward: number[] = [];
  readonly #forwardAtOnce: number[] = [];
  readonly #step: number[] = [];
  readonly #idle: number[] = [];

  private constructor(
    classifier: Classifier,
    engine: Engine,
    options: BenchmarkOptions,
    opened: {
      readonly generator: PrototypeGenerator;
      readonly network: Executable;
      readonly networkAtOnce: Executable;
      readonly differentiateMs: number;
    },
  ) {
    this.#classifier = classifier;
    this.#engine = engine;
    this.#options = options;
    this.#generator = opened.generator;
    this.#network = opened.network;
    this.#networkAtOnce = opened.networkAtOnce;
    this.#differentiateMs = opened.differentiateMs;
    this.#feed = { [classifier.graph.inputs[0].name]: noise(sizeOf(this.#input), 0) };
  }

  static async open(
    classifier: Classifier,
    engine: Engine,
    options: BenchmarkOptions,
  ): Promise<Trial> {
    const configuration = configurationFor(classifier, options.profile, {
      ...{ steps: STEPS, snapshotEvery: 0, baseline: { enabled: false } },
    });
    const generator = await PrototypeGenerator.open(classifier, engine, configuration);
    const start = performance.now();
    withObjective(specialiseClassifier(classifier, generator.batch, [classifier.logits]));
    const differentiateMs = performance.now() - start;
    const graph = simplify(specialiseClassifier(classifier, generator.batch));
    const network = await engine.compile(graph);
    const networkAtOnce = await engine.compile(graph, generator.atOnce);
    const opened = { generator, network, networkAtOnce, differentiateMs };
    return new Trial(classifier, engine, options, opened);
  }

  get #input(): number[] {
    const { channels, height, width } = this.#classifier.input;
    return [this.#generator.batch, channels, height, width];
  }

  /** @param round from 0 on; one before only warms up */
  async round(round: number): Promise<void> {
    const passes = await timePasses(this.#network, this.#feed);
    const passesAtOnce = await timePassesAtOnce(this.#networkAtOnce, this.#feed);
    const [begun, computed] = [performance.now(), this.#generator.computedMs];
    const steps = await timeSteps(this.#generator, Math.max(0, round));
    if (round < 0) return;
    this.#forward.push(passes);
    this.#forwardAtOnce.push(passesAtOnce);
    this.#step.push(steps);
    if (computed === undefined) return;
    const spent = this.#generator.computedMs! - computed;
    this.#idle.push(Math.max(0, 1 - spent / (performance.now() - begun)));
  }

  /** Releases the networks, and measures the rest. */
  async end(): Promise<Benchmark> {
    const { batch, atOnce, compileMs } = this.#generator;
    const [classifier, engine, forward, step] = [
      this.#classifier,
      this.#engine,
      this.#forward,
      this.#step,
    ];
    const used = [this.#generator, this.#network, this.#networkAtOnce];
    await Promise.all(used.map((each) => each.release()));
    const batches = await timeBatches(classifier, engine, this.#options);
    const similarity = await timeSimilarity(classifier, engine);
    const [forwardMs, stepMs] = [median(forward), median(step)];
    const { readMs } = this.#options;
    return {
      model: classifier.name,
      input: this.#input,
      engine: engine.info,
      profile: this.#options.profile,
      ...{ forwardMs, forwardLowMs: quantile(forward, 0.1) },
      ...{ stepMs, stepLowMs: quantile(step, 0.1) },
      stepOverForward: median(step.map((each, round) => each / forward[round])),
      ...{ atOnce, forwardAtOnceMs: median(this.#forwardAtOnce) },
      stepOverForwardAtOnce: median(step.map((each, round) => each / this.#forwardAtOnce[round])),
      stepsPerSecond: (1000 * batch) / stepMs,
      ...(this.#idle.length > 0 && { shareOutsideNetwork: median(this.#idle) }),
      ...(readMs !== undefined && { readMs }),
      ...{ differentiateMs: this.#differentiateMs, compileMs, batches },
      ...similarity,
      similarityOverForward: similarity.similarityMsPerImage / forwardMs,
      peakRssMB: process.resourceUsage().maxRSS / 1024,
    };
  }
}

async function timePasses(
  network: Executable,
  feed: Record<string, Float32Array>,
): Promise<number> {
  const times: number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const start = performance.now();
    await network.run(feed);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Time of a pass, while as many are computed as the network computes at the same time. */
async function timePassesAtOnce(
  network: Executable,
  feed: Record<string, Float32Array>,
): Promise<number> {
  const { width = 1 } = network;
  const start = performance.now();
  await Promise.all(Array.from({ length: width * PASSES }, () => network.run(feed)));
  return (performance.now() - start) / (width * PASSES);
}

/**
 * Time that the steps of prototypes take that follow one another, as they do in an audit: from one step of a prototype
 * to its next the prototypes of every lane have taken theirs.
 */
async function timeSteps(generator: PrototypeGenerator, round: number): Promise<number> {
  const times: number[] = [];
  const seats = generator.lanes * generator.batch;
  const jobs = Array.from({ length: seats }, (_, seat) => ({
    classIndex: 0,
    prototype: round * seats + seat,
  }));
  let last: number | undefined;
  await generator.generate(jobs, {
    onEvent: (event) => {
      if (event.type !== 'step' || event.job.prototype !== jobs[0].prototype) return;
      const now = performance.now();
      if (last !== undefined) times.push((now - last) / generator.lanes);
      last = now;
    },
  });
  return median(times);
}

interface SimilarityTrial {
  readonly layers?: 'modules' | 'leaf' | 'conv' | 'block';
  readonly count?: number;
  readonly signal?: AbortSignal;
}

/** The whole measurement of one class of random images; every one counts. */
export async function timeSimilarity(
  classifier: Classifier,
  engine: Engine,
  { layers: set = 'modules', count = IMAGES, signal }: SimilarityTrial = {},
) {
  const { channels, height, width, batch } = classifier.input;
  const graph = specialiseClassifier(classifier, batch === 'free' ? 1 : batch);
  const layers = layersOf(graph, set);
  const images = Array.from({ length: count }, (_, i) => ({
    name: String(i),
    pixels: uniform(channels * height * width, i),
  }));
  const natural: NaturalClass = {
    index: 0,
    label: 'noise',
    fingerprint: '',
    count,
    // As many as fit into memory are kept; the others are asked for once more, by name.
    // eslint-disable-next-line @typescript-eslint/require-await -- photographs come one by one, these are there already
    async *images(_, only) {
      yield* only ? images.filter(({ name }) => only.has(name)) : images;
    },
  };
  const times: Record<string, number[]> = { 'natural images': [], subjects: [] };
  const result = await pathSimilarity(engine, classifier, {
    layers,
    classes: [natural],
    subjects: images.map(({ pixels }) => ({
      series: 'bench',
      kind: 'prototype',
      classIndex: 0,
      pixels: () => pixels,
    })),
    filter: 'labelled',
    resamples: 0,
    signal,
    onProgress: ({ phase }) => times[phase].push(performance.now()),
  });
  // From the first to the last of each, so that compiling and starting threads stay out.
  const each = (phase: string, steps: number): number =>
    (times[phase][steps - 1] - times[phase][0]) / (steps - 1);
  return {
    similarityMsPerImage: each('subjects', count),
    naturalMsPerImage: 2 * each('natural images', 2 * count),
    similarityLayers: result.layers.length,
    activations: result.layers.reduce((sum, layer) => sum + layer.activations, 0),
  };
}

const noise = (length: number, index: number): Float32Array =>
  uniform(length, index).map((value) => 2 * value - 1);

function uniform(length: number, index: number): Float32Array {
  const stream = new Stream(0, index, 0, 'noise').seek(0);
  return new Float32Array(length).map(() => stream.uniform());
}
