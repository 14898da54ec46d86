import type { Range } from '../api/estimate.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { expectedBatch, type ExpectedBatch } from '../prototype/batch-size.ts';
import { PrototypeGenerator } from '../prototype/generate.ts';
import type { Configuration } from '../prototype/configuration.ts';
import { modelFingerprint } from '../store/models.ts';
import type { RunRecord } from '../store/run-reader.ts';
import type { Workspace, WorkspaceReader } from '../store/workspace.ts';
import { timeSimilarity } from './benchmark.ts';
import type { AuditConfiguration } from './configuration.ts';
import { exactly, sum } from './estimate-work.ts';
import type { Batch } from './plan.ts';
import { quantile } from './quantile.ts';

/** How fast prototypes are made, in milliseconds. */
export interface Pace {
  readonly step: Range;
  /** Steps of stage 1 of a prototype. */
  readonly baselineSteps: Range;
  readonly compile: Range;
  /** What a snapshot or prototype costs besides. */
  readonly save: Range;
  readonly from: 'runs' | 'trial';
  /** Prototypes that are made at a time. */
  readonly batch: ExpectedBatch;
}

/** What an image costs that is compared, in milliseconds. */
export interface ComparisonPace {
  readonly natural: Range;
  readonly subject: Range;
}

/** What a trial measures; kept, so that it is made once for a model, an engine and a number of threads. */
interface Trial {
  readonly steps: readonly number[];
  readonly compileMs: number;
  /** Steps of stage 1; whether it ended within the trial. */
  readonly baseline: number;
  readonly ended: boolean;
}

const TRIAL_STEPS = 12;
const TRIAL_BASELINE = 64;
const TRIAL_MS = 3000;
const TRIAL_IMAGES = 5;
/** Runs that are looked at, the latest ones, and that there must be. */
const MOST_RUNS = 40;
const FEWEST_RUNS = 4;

/** Writing a file to the disk and its row to the database. */
const SAVE: Range = { least: 2, most: 40 };

/** Measures what making and comparing prototypes costs here, or finds it where it was measured before. */
export class Speedometer {
  readonly #workspace: Workspace;
  readonly #engine: Engine;

  constructor(workspace: Workspace, engine: Engine) {
    this.#workspace = workspace;
    this.#engine = engine;
  }

  /** @param busy whether something else is computed meanwhile: then it is not kept, and counts for half at the least */
  async pace(batch: Batch, busy: boolean, signal?: AbortSignal): Promise<Pace> {
    const { classifier, id } = batch.model;
    const runs = runsLike(this.#workspace, id, batch.configuration, this.#engine.info);
    const before = runs.at(-1)?.batch?.images;
    const expected = expectedBatch(classifier, this.#engine, batch.runs.length, before);
    const { threads } = this.#engine.info;
    // Fewer prototypes than threads leave some of them idle, and say nothing of others.
    const isFull = batch.runs.length >= threads;
    const known = isFull && paceOfRuns(this.#workspace, runs, batch.configuration, threads);
    if (known) return { ...known, batch: expected };
    const { parameterisation, baseline } = batch.configuration;
    const { images } = expected;
    const jobs = Math.min(batch.runs.length, images * threads || Infinity);
    const what = ['pace 4', parameterisation, baseline.enabled, images, jobs];
    const trial = await this.#remembered(this.#key(classifier, what), busy, () =>
      tryOut(classifier, this.#engine, batch.configuration, { images, jobs }, signal),
    );
    return { ...paceOf(trial, batch.configuration, busy), batch: expected };
  }

  async comparison(
    classifier: Classifier,
    layers: AuditConfiguration['layers'],
    busy: boolean,
    signal?: AbortSignal,
  ): Promise<ComparisonPace> {
    const key = this.#key(classifier, ['comparison', layers]);
    const trial = await this.#remembered(key, busy, () =>
      timeSimilarity(classifier, this.#engine, { layers, count: TRIAL_IMAGES, signal }),
    );
    const least = busy ? 0.3 : 0.6;
    const range = (ms: number): Range => ({ least: least * ms, most: 1.8 * ms });
    return {
      natural: range(trial.naturalMsPerImage),
      subject: range(trial.similarityMsPerImage),
    };
  }

  #key(classifier: Classifier, what: readonly unknown[]): string {
    const { fallback: _fallback, ...engine } = this.#engine.info;
    return `speed ${JSON.stringify([...what, modelFingerprint(classifier), engine])}`;
  }

  async #remembered<T>(key: string, busy: boolean, measure: () => Promise<T>): Promise<T> {
    const stored = await this.#workspace.cache.get(key);
    if (stored) return JSON.parse(Buffer.from(stored).toString()) as T;
    const found = await measure();
    if (!busy) await this.#workspace.cache.put(key, Buffer.from(JSON.stringify(found)));
    return found;
  }
}

/** Makes the first steps of a real prototype. */
async function tryOut(
  classifier: Classifier,
  engine: Engine,
  configuration: Configuration,
  { images, jobs: planned }: { readonly images: number; readonly jobs: number },
  signal?: AbortSignal,
): Promise<Trial> {
  const { baseline } = configuration;
  const maxSteps = Math.min(TRIAL_BASELINE, baseline.maxSteps);
  const short = {
    ...configuration,
    ...{ steps: TRIAL_STEPS, snapshotEvery: 0, baseline: { ...baseline, maxSteps } },
  };
  const generator = await PrototypeGenerator.open(classifier, engine, short, images, planned);
  try {
    signal?.throwIfAborted();
    const stages = { baseline: 0, prototype: 0 };
    let taken = 0;
    const marks = [{ at: performance.now(), taken }];
    // All lanes take turns, as they do in earnest.
    const jobs = Array.from({ length: generator.lanes * generator.batch }, (_, prototype) => ({
      ...{ classIndex: 0, prototype },
    }));
    const enough = AbortSignal.timeout(TRIAL_MS);
    await generator.generate(jobs, {
      signal: signal ? AbortSignal.any([signal, enough]) : enough,
      onEvent: (event) => {
        if (event.type !== 'step') return;
        taken++;
        if (event.job.prototype > 0) return;
        stages[event.stage]++;
        marks.push({ at: performance.now(), taken });
      },
    });
    signal?.throwIfAborted();
    const steps = marks.slice(1).map((mark, i) => {
      const before = marks[i];
      return (mark.at - before.at) / (mark.taken - before.taken);
    });
    const ended = stages.prototype > 0 && stages.baseline < maxSteps;
    return { steps, compileMs: generator.compileMs, baseline: stages.baseline, ended };
  } finally {
    await generator.release();
  }
}

function paceOf(trial: Trial, { baseline }: Configuration, busy: boolean): Omit<Pace, 'batch'> {
  // The first steps warm up.
  const warm = trial.steps.length > 4 ? trial.steps.slice(2) : trial.steps;
  const { compileMs } = trial;
  return {
    step: { least: (busy ? 0.45 : 0.9) * quantile(warm, 0.25), most: 1.2 * quantile(warm, 0.75) },
    baselineSteps: baseline.enabled ? likelyBaseline(trial, baseline.maxSteps) : exactly(0),
    compile: { least: 0.7 * compileMs, most: 1.5 * compileMs },
    ...{ save: SAVE, from: 'trial' },
  };
}

/** Other classes and seeds take other numbers of steps than the one that was tried. */
const likelyBaseline = ({ baseline, ended }: Trial, most: number): Range =>
  ended
    ? { least: Math.floor(0.4 * baseline), most: Math.min(most, 3 * baseline) }
    : { least: Math.min(most, baseline), most };

/** The latest prototypes that were made before of a model on this engine, in the same way. */
function runsLike(
  workspace: WorkspaceReader,
  modelId: number,
  { profile, parameterisation }: Configuration,
  engine: EngineInfo,
): RunRecord[] {
  return workspace.audits
    .list()
    .filter(({ models }) => models.some((link) => link.modelId === modelId))
    .slice(-2)
    .flatMap(({ id }) => workspace.runs.list(id, { modelId, profile, state: 'finished' }))
    .filter((run) => {
      const made = run.configuration as Partial<Configuration>;
      const same = made.parameterisation === parameterisation && run.attempts === 1;
      return same && enginePart(run.engine) === enginePart(engine);
    })
    .slice(-MOST_RUNS);
}

/** Share of the threads that must have had a prototype each, on average, in runs that tell the pace. */
const FULL = 0.6;

/**
 * Their pace, saving included. Where several are made at a time, each counts for its share.
 * @param threads of a processor, 0 where the device decides
 * @returns `undefined` where they are too few, or left threads idle
 */
function paceOfRuns(
  workspace: WorkspaceReader,
  runs: readonly RunRecord[],
  { baseline }: Configuration,
  threads: number,
): Omit<Pace, 'batch'> | undefined {
  const spans = runs.map(({ startedAt, finishedAt }) => ({
    start: Date.parse(startedAt!),
    end: Date.parse(finishedAt!),
  }));
  const together = sum(spans.map(({ start, end }) => end - start)) / covered(spans);
  const found = runs.map(({ id }, i) => {
    const { steps, baselineSteps } = workspace.runs.prototype(id)!;
    const spent = (spans[i].end - spans[i].start) / together;
    return { ms: spent / (steps + baselineSteps + 1), baselineSteps };
  });
  if (found.length < FEWEST_RUNS || !(together >= FULL * threads)) return undefined;
  const step = found.map(({ ms }) => ms);
  const first = found.map(({ baselineSteps }) => baselineSteps);
  const likely = { least: Math.min(...first), most: Math.max(...first) };
  return {
    step: { least: 0.9 * quantile(step, 0.25), most: 1.15 * quantile(step, 0.75) },
    baselineSteps: baseline.enabled ? within(likely, baseline.maxSteps) : exactly(0),
    compile: { least: 50, most: 400 + 60 * quantile(step, 0.5) },
    ...{ save: exactly(0), from: 'runs' },
  };
}

const within = ({ least, most }: Range, limit: number): Range => ({
  least: Math.min(least, limit),
  most: Math.min(most, limit),
});

const enginePart = (engine: EngineInfo | undefined): string =>
  engine ? [engine.provider, engine.device, engine.version, engine.threads].join() : '';

/** Milliseconds in which at least one of the spans was under way. */
function covered(spans: readonly { readonly start: number; readonly end: number }[]): number {
  let [total, until] = [0, -Infinity];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return total;
}
