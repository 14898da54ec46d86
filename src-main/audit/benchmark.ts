import type { Classifier } from '../classifier/classifier.ts';
import { layersOf } from '../classifier/layers.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import type { Engine, EngineInfo, Executable } from '../engine/engine.ts';
import { sizeOf } from '../graph/ir.ts';
import { simplify } from '../graph/simplify.ts';
import type { Profile } from '../prototype/configuration.ts';
import { configurationFor } from '../prototype/medium.ts';
import { LANES, PrototypeGenerator } from '../prototype/generate.ts';
import { Stream } from '../random/philox.ts';
import type { NaturalClass } from '../similarity/natural.ts';
import { pathSimilarity } from '../similarity/path-similarity.ts';
import { median } from './quantile.ts';

export interface Benchmark {
  readonly model: string;
  /** [N, C, H, W] of one run. */
  readonly input: readonly number[];
  readonly engine: EngineInfo;
  readonly profile: Profile;
  /** Median time of a forward pass of one run, in milliseconds. */
  readonly forwardMs: number;
  /**
   * Median time of a whole step: affine, forward, backward, adjoint, losses, Adam. Two lanes of prototypes take turns,
   * as in an audit, so that what is not the network's is done while it computes for the other.
   */
  readonly stepMs: number;
  /** Median over the rounds of step over forward pass; both are measured in turn. */
  readonly stepOverForward: number;
  /** Differentiating and compiling. */
  readonly compileMs: number;
  /** What an image costs that is compared with its class: forward pass, ranks of all layers, all figures. */
  readonly similarityMsPerImage: number;
  readonly similarityOverForward: number;
  /** What a natural image costs, which the class is made of: decoding aside, both passes, leave-one-out included. */
  readonly naturalMsPerImage: number;
  readonly similarityLayers: number;
  readonly activations: number;
  /** Peak resident memory of the process, native memory included. */
  readonly peakRssMB: number;
}

export interface BenchmarkOptions {
  readonly rounds: number;
  readonly profile: Profile;
  readonly onProgress?: (share: number, label: string) => void;
}

const STEPS = 12;
const PASSES = 8;
const IMAGES = 12;

/** Measures a classifier on an engine: forward passes and steps in turn, so that both see the same machine. */
export async function measure(
  classifier: Classifier,
  engine: Engine,
  options: BenchmarkOptions,
): Promise<Benchmark> {
  const { profile, rounds, onProgress = () => undefined } = options;
  const configuration = configurationFor(classifier, profile, {
    steps: STEPS,
    snapshotEvery: 0,
    baseline: { enabled: false },
  });
  const generator = await PrototypeGenerator.open(classifier, engine, configuration);
  const input = [
    generator.batch,
    classifier.input.channels,
    classifier.input.height,
    classifier.input.width,
  ];
  const network = await engine.compile(simplify(specialiseClassifier(classifier, generator.batch)));
  const feed = { [classifier.graph.inputs[0].name]: noise(sizeOf(input), 0) };
  const forward: number[] = [];
  const step: number[] = [];
  for (let round = -1; round < rounds; round++) {
    onProgress(Math.max(0, round) / (rounds + 2), 'forward passes and steps');
    const passes = await timePasses(network, feed);
    const steps = await timeSteps(generator, Math.max(0, round));
    // The first round warms up.
    if (round >= 0) {
      forward.push(passes);
      step.push(steps);
    }
  }
  await Promise.all([generator.release(), network.release()]);
  onProgress(rounds / (rounds + 2), 'similarity');
  const similarity = await timeSimilarity(classifier, engine);
  const forwardMs = median(forward);
  return {
    model: classifier.name,
    input,
    engine: engine.info,
    profile,
    forwardMs,
    stepMs: median(step),
    stepOverForward: median(step.map((each, round) => each / forward[round])),
    compileMs: generator.compileMs,
    ...similarity,
    similarityOverForward: similarity.similarityMsPerImage / forwardMs,
    peakRssMB: process.resourceUsage().maxRSS / 1024,
  };
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

/**
 * Time that the steps of prototypes take that follow one another, as they do in an audit: from one step of a prototype
 * to its next the prototypes of every lane have taken theirs.
 */
async function timeSteps(generator: PrototypeGenerator, round: number): Promise<number> {
  const times: number[] = [];
  const seats = LANES * generator.batch;
  const jobs = Array.from({ length: seats }, (_, seat) => ({
    classIndex: 0,
    prototype: round * seats + seat,
  }));
  let last: number | undefined;
  await generator.generate(jobs, {
    onEvent: (event) => {
      if (event.type !== 'step' || event.job.prototype !== jobs[0].prototype) return;
      const now = performance.now();
      if (last !== undefined) times.push((now - last) / LANES);
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
    // eslint-disable-next-line @typescript-eslint/require-await -- photographs come one by one, these are there already
    async *images() {
      yield* images;
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
