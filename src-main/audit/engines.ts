import type { Classifier } from '../classifier/classifier.ts';
import { engineChoice, engineNames, type EngineName } from '../engine/choices.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { attempt } from '../engine/open.ts';
import { chooseBatch, type BatchChoice } from '../prototype/batch-size.ts';
import { Objective } from '../prototype/objective.ts';
import { median } from './quantile.ts';

/** One engine on one classifier. */
export interface EngineReport {
  readonly name: EngineName;
  readonly title: string;
  /** What it is; absent where it cannot be had. */
  readonly info?: EngineInfo;
  /** Images of one run. */
  readonly batch?: number;
  /** Why not more, in one sentence. */
  readonly batchBecause?: string;
  /** Median time of a forward and backward pass of one run, in milliseconds. */
  readonly passMs?: number;
  /** Gradients of images in a second. */
  readonly imagesPerSecond?: number;
  /** Time of an image, in times of the processor's. */
  readonly overCpu?: number;
  /** Why it cannot be had or was not measured, or what it leaves to another, in one sentence. */
  readonly reason?: string;
}

export interface EngineSurvey {
  readonly model: string;
  readonly engines: readonly EngineReport[];
  readonly recommended: EngineName | undefined;
  /** Why, in one sentence. */
  readonly because: string;
}

export interface SurveyOptions {
  readonly threads?: number;
  /** How long each engine is measured, in seconds. */
  readonly seconds: number;
  readonly onProgress?: (done: number, total: number, label: string) => void;
}

/** An engine that needs longer for its first run is not worth more of anybody's time, in milliseconds. */
const PATIENCE_MS = 15_000;
/** One that needs longer for an image is not asked for several at a time, in milliseconds. */
const SOON_MS = 250;
/** Prototypes that are to be made: enough for every batch. */
const ANY_NUMBER = 1024;
const ROUNDS = 4;
/** How many times as fast as the processor, which gives the same bytes every time, an engine must be. */
const CLEARLY = 1.2;

/** An engine with the classifier's objective compiled. */
interface Trial {
  readonly name: EngineName;
  readonly engine: Engine;
  readonly objective: Objective;
  readonly choice: Omit<BatchChoice, 'trials'>;
  readonly times: number[];
}

/** Tries every engine, and measures those that work in turn, so that all see the same machine. */
export async function surveyEngines(
  classifier: Classifier,
  { threads, seconds, onProgress = () => undefined }: SurveyOptions,
): Promise<EngineSurvey> {
  const total = engineNames.length + ROUNDS;
  const trials: Trial[] = [];
  const reasons = new Map<EngineName, string>();
  for (const [i, name] of engineNames.entries()) {
    onProgress(i, total, `trying ${name}`);
    const found = await tryOut(classifier, name, threads);
    if (typeof found === 'string') reasons.set(name, found);
    else trials.push(found);
  }
  for (let round = 0; round < ROUNDS; round++) {
    onProgress(engineNames.length + round, total, 'measuring');
    for (const trial of trials) await measure(classifier, trial, (seconds * 1000) / ROUNDS);
  }
  await Promise.all(trials.map(({ objective }) => objective.release()));
  await Promise.all(trials.map(({ engine }) => engine.close()));
  const engines = engineNames.map((name) => reportOf(name, trials, reasons.get(name)));
  return { model: classifier.name, engines, ...recommend(engines) };
}

/** @returns why not, where it cannot be measured */
async function tryOut(
  classifier: Classifier,
  name: EngineName,
  threads: number | undefined,
): Promise<Trial | string> {
  const found = await attempt(name, threads === undefined ? {} : { threads });
  if (!('engine' in found)) return found.reason;
  const { engine } = found;
  try {
    const batch = classifier.input.batch;
    const objective = await Objective.compile(classifier, engine, batch === 'free' ? 1 : batch);
    if (await inTime(run(classifier, objective), objective)) {
      return { name, engine, times: [], ...(await filled(classifier, engine, objective)) };
    }
    await engine.close();
    return tooSlow;
  } catch (error) {
    await engine.close();
    return (error as Error).message;
  }
}

const tooSlow = `It was not measured: its first gradient takes more than ${PATIENCE_MS / 1000} seconds.`;

/** Waits for a first run; one that takes too long is stopped. */
async function inTime(first: Promise<void>, objective: Objective): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const done = await Promise.race([first.then(() => true), late]);
  clearTimeout(timer);
  if (done) return true;
  first.catch(() => undefined);
  await objective.release();
  return false;
}

/** @param alone the objective of one image, which is given away @returns that of as many as run best together */
async function filled(
  classifier: Classifier,
  engine: Engine,
  alone: Objective,
): Promise<Pick<Trial, 'objective' | 'choice'>> {
  const start = performance.now();
  await run(classifier, alone);
  const ms = performance.now() - start;
  if (ms > SOON_MS) {
    const because = `More were not tried: one takes ${(ms / 1000).toFixed(1)} seconds.`;
    return { objective: alone, choice: { batch: alone.batch, because } };
  }
  const choice = await chooseBatch(classifier, engine, ANY_NUMBER);
  if (choice.batch === alone.batch) return { objective: alone, choice };
  await alone.release();
  return { objective: await Objective.compile(classifier, engine, choice.batch), choice };
}

async function run({ input }: Classifier, objective: Objective): Promise<void> {
  const { batch, classes } = objective;
  const length = batch * input.channels * input.height * input.width;
  const images = Float32Array.from({ length }, (_, i) => Math.sin(i * i));
  const weights = new Float32Array(batch * classes).map((_, i) => Number(i % classes === 0));
  await objective.run(images, weights, new Float32Array(batch));
}

async function measure(classifier: Classifier, trial: Trial, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  do {
    const start = performance.now();
    await run(classifier, trial.objective);
    trial.times.push(performance.now() - start);
  } while (performance.now() < end);
}

function reportOf(name: EngineName, trials: readonly Trial[], reason?: string): EngineReport {
  const title = engineChoice(name)!.title;
  const trial = trials.find((each) => each.name === name);
  if (!trial) return { name, title, reason };
  const cpu = trials.find((each) => each.name === 'cpu');
  const each = perImage(trial);
  return {
    name,
    title,
    info: trial.engine.info,
    ...{ batch: trial.objective.batch, batchBecause: trial.choice.because },
    passMs: median(trial.times),
    imagesPerSecond: 1000 / each,
    ...(cpu && { overCpu: each / perImage(cpu) }),
    reason: trial.objective.fallback,
  };
}

const perImage = ({ times, objective }: Trial): number => median(times) / objective.batch;

function recommend(
  engines: readonly EngineReport[],
): Pick<EngineSurvey, 'recommended' | 'because'> {
  const measured = engines.filter((each) => each.imagesPerSecond !== undefined);
  const [fastest] = measured.toSorted((a, b) => b.imagesPerSecond! - a.imagesPerSecond!);
  const cpu = measured.find(({ name }) => name === 'cpu');
  if (fastest === undefined) return { recommended: undefined, because: 'No engine works here.' };
  if (cpu && fastest !== cpu && fastest.overCpu! * CLEARLY < 1) {
    const times = (1 / fastest.overCpu!).toFixed(1);
    return { recommended: fastest.name, because: `It is ${times} times as fast as the processor.` };
  }
  return cpu
    ? {
        recommended: 'cpu',
        because: 'It gives the same bytes every time, and none is clearly faster.',
      }
    : { recommended: fastest.name, because: 'It is the fastest that works here.' };
}
