import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import type { BatchTrial } from '../prototype/batch-known.ts';
import { isOutOfMemory } from '../engine/out-of-memory.ts';
import { timeBatch } from '../prototype/batch-size.ts';
import type { Profile } from '../prototype/configuration.ts';
import { PrototypeGenerator } from '../prototype/generate.ts';
import { configurationFor } from '../prototype/medium.ts';
import { median } from './quantile.ts';

/** Forward and backward pass of an image in a batch, and what surrounds them. */
export interface BatchCost extends BatchTrial {
  /** Median time of a step of all images of the batch, in milliseconds. */
  readonly stepMs: number;
  /** Share of the time of these steps in which the network did not compute; absent where the engine does not tell. */
  readonly shareOutsideNetwork?: number;
}

/** Steps of a batch take about so many milliseconds. */
const BATCH_MS = 1500;
const [FEWEST_STEPS, MOST_STEPS] = [4, 12];

/** A model that fixes its batch has nothing to try; what does not fit into memory ends the list. */
export async function timeBatches(
  classifier: Classifier,
  engine: Engine,
  { batches, profile }: { readonly batches: readonly number[]; readonly profile: Profile },
): Promise<BatchCost[]> {
  const trials: BatchCost[] = [];
  if (classifier.input.batch !== 'free') return trials;
  try {
    for (const batch of batches) {
      const msPerImage = await timeBatch(classifier, engine, batch);
      const wanted = Math.round(BATCH_MS / (msPerImage * batch));
      const steps = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, wanted));
      const configuration = configurationFor(classifier, profile, {
        ...{ steps, snapshotEvery: 0, baseline: { enabled: false } },
      });
      const generator = await PrototypeGenerator.open(classifier, engine, configuration, batch);
      const cost = await timeSteps(generator).finally(() => generator.release());
      trials.push({ batch, msPerImage, ...cost });
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
  }
  return trials;
}

/** All lanes are full, as they are in an audit. From the first step to the last, so that starting stays out. */
async function timeSteps(
  generator: PrototypeGenerator,
): Promise<Omit<BatchCost, keyof BatchTrial>> {
  const marks: { readonly at: number; readonly computed: number | undefined }[] = [];
  const seats = generator.lanes * generator.batch;
  const jobs = Array.from({ length: seats }, (_, prototype) => ({ classIndex: 0, prototype }));
  await generator.generate(jobs, {
    onEvent: (event) => {
      if (event.type !== 'step' || event.job.prototype > 0) return;
      marks.push({ at: performance.now(), computed: generator.computedMs });
    },
  });
  const times = marks.slice(1).map(({ at }, i) => (at - marks[i].at) / generator.lanes);
  const [first, last] = [marks[0], marks.at(-1)];
  if (first.computed === undefined) return { stepMs: median(times) };
  const share = 1 - (last.computed! - first.computed) / (last.at - first.at);
  return { stepMs: median(times), shareOutsideNetwork: Math.max(0, share) };
}
