import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import { isHardlyFaster, KnownBatches, type BatchTrial } from './batch-known.ts';
import { isOutOfMemory } from '../engine/out-of-memory.ts';
import { imagesThatFit } from './batch-memory.ts';
import { defaultBatch, lanesFor } from './generate.ts';
import { Objective } from './objective.ts';

export interface BatchChoice {
  readonly batch: number;
  /** What was measured, the smallest batch first; empty where nothing had to be. */
  readonly trials: readonly BatchTrial[];
  /** Why it is not larger, in one sentence. */
  readonly because: string;
}

const RUNS = 5;

/**
 * How many images run together on an engine. A processor takes one at a time: more are not faster, and round
 * differently. A GPU starts with one and doubles, as long as images become faster, memory and jobs allow it. What was
 * measured before on this engine is not measured again.
 * @param jobs prototypes that are to be made
 * @param measure times a batch, in milliseconds an image
 * @throws EngineError when not even one image fits
 */
export async function chooseBatch(
  classifier: Classifier,
  engine: Engine,
  jobs: number,
  measure: (batch: number) => Promise<number> = (batch) => timeBatch(classifier, engine, batch),
): Promise<BatchChoice> {
  const fixed = classifier.input.batch;
  if (fixed !== 'free') {
    return { batch: fixed, trials: [], because: `The model takes ${fixed} at a time.` };
  }
  if (defaultBatch(engine.info) === 1) {
    return { batch: 1, trials: [], because: 'A processor is no faster with more.' };
  }
  const needed = neededFor(jobs);
  const known = KnownBatches.of(classifier, engine);
  const fitting = known.fitting(() => imagesThatFit(classifier, engine.info));
  const limit = Math.min(needed, fitting);
  const found = await doubled(limit, (batch) => known.time(batch, measure));
  if (found.because !== undefined) return { ...found, because: found.because };
  const because =
    needed <= fitting ? 'There are no more prototypes to make.' : 'More may not fit into memory.';
  return { ...found, because };
}

async function doubled(
  limit: number,
  time: (batch: number) => Promise<number>,
): Promise<Omit<BatchChoice, 'because'> & { because?: string }> {
  const trials: BatchTrial[] = [];
  for (let batch = 1; batch <= limit; batch *= 2) {
    const best = trials.at(-1);
    try {
      trials.push({ batch, msPerImage: await time(batch) });
    } catch (error) {
      if (best === undefined || !isOutOfMemory(error)) throw error;
      return { batch: best.batch, trials, because: `Memory runs out with ${batch}.` };
    }
    if (best && isHardlyFaster(trials.at(-1), best)) {
      return { batch: best.batch, trials, because: `With ${batch} an image is hardly faster.` };
    }
  }
  return { batch: trials.at(-1).batch, trials };
}

/** What makes as many prototypes in each lane. */
const neededFor = (jobs: number): number => Math.max(1, Math.ceil(jobs / lanesFor(1)));

/** How many images will run together, as far as it is known beforehand. */
export interface ExpectedBatch {
  readonly images: number;
  /** Whether nothing was measured that tells. */
  readonly guessed: boolean;
}

/**
 * How many images `chooseBatch` will find, without measuring.
 * @param before images that ran together when prototypes of the model were made on such an engine
 */
export function expectedBatch(
  classifier: Classifier,
  engine: Engine,
  jobs: number,
  before?: number,
): ExpectedBatch {
  const fixed = classifier.input.batch;
  if (fixed !== 'free') return { images: fixed, guessed: false };
  const usual = defaultBatch(engine.info);
  const needed = neededFor(jobs);
  if (usual === 1 || needed === 1) return { images: 1, guessed: false };
  const known = KnownBatches.of(classifier, engine);
  const limit = Math.min(
    needed,
    known.fitting(() => imagesThatFit(classifier, engine.info)),
  );
  const found = known.choice(limit) ?? before;
  const images = 2 ** Math.floor(Math.log2(Math.min(limit, found ?? usual)));
  return { images, guessed: found === undefined };
}

/** Median time of an image in a batch, warmed up, in milliseconds. */
export async function timeBatch(
  classifier: Classifier,
  engine: Engine,
  batch: number,
): Promise<number> {
  const objective = await Objective.compile(classifier, engine, batch);
  try {
    const times: number[] = [];
    const runOnce = runOf(objective, classifier);
    for (let run = 0; run <= RUNS; run++) {
      const start = performance.now();
      await runOnce();
      if (run > 0) times.push((performance.now() - start) / batch);
    }
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
  } finally {
    await objective.release();
  }
}

/** A run on an arbitrary image; what it takes is made beforehand. */
function runOf(objective: Objective, { input }: Classifier): () => Promise<unknown> {
  const { batch, classes } = objective;
  const length = batch * input.channels * input.height * input.width;
  const images = Float32Array.from({ length }, (_, i) => Math.sin(i * i));
  const weights = Float32Array.from({ length: batch * classes }, (_, i) =>
    Number(i % classes === 0),
  );
  return () => objective.run(images, weights, new Float32Array(batch));
}
