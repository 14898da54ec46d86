import { statfs } from 'node:fs/promises';
import type { Estimate, Problem, Range, Speed } from '../api/estimate.ts';
import type { Engine } from '../engine/engine.ts';
import type { Workspace, WorkspaceReader } from '../store/workspace.ts';
import { auditPlan, rejectTwins } from './audit.ts';
import type { AuditConfiguration } from './configuration.ts';
import { AuditError } from './errors.ts';
import { ModelShelf } from './estimate-models.ts';
import { Speedometer, type Pace } from './estimate-speed.ts';
import {
  both,
  comparisonsOf,
  exactly,
  imagesOf,
  snapshotsOf,
  times,
  workOf,
} from './estimate-work.ts';
import { photographNotes, type ModelUnderAudit } from './model.ts';
import { planAudit, type Batch } from './plan.ts';

/** Says what an audit would cost before it is begun. It leaves the workspace as it is, but for what it measured. */
export class Estimator {
  readonly #workspace: Workspace;
  readonly #shelf = new ModelShelf();
  readonly #speedometer: Speedometer;

  constructor(workspace: Workspace, engine: Engine) {
    this.#workspace = workspace;
    this.#speedometer = new Speedometer(workspace, engine);
  }

  /**
   * @param busy whether an audit is under way meanwhile, which slows trials down
   * @throws EngineError when the engine refuses a model, and the signal's reason when it is stopped
   */
  async estimate(
    configuration: AuditConfiguration,
    busy: boolean,
    signal?: AbortSignal,
  ): Promise<Estimate> {
    const workspace = this.#workspace;
    const { models, problems } = await this.#shelf.read(configuration, workspace, signal);
    problems.push(...twins(models));
    if (problems.length > 0) return { problems, notes: [], speeds: [], busy };
    const batches = planAudit(configuration, models);
    const known = knownAudit(workspace, configuration, models, batches);
    const paces = new Map<Batch, Pace>();
    for (const batch of batches) {
      paces.set(batch, await this.#speedometer.pace(batch, busy, signal));
    }
    const work = workOf(configuration, models, batches, (batch) => paces.get(batch)!.baselineSteps);
    const making = batches.map((batch) =>
      timeOf(batch, left(workspace, known, batch), paces.get(batch)!),
    );
    const comparing = await this.#comparing(configuration, models, busy, signal);
    const isOver = known?.state === 'finished';
    const free = await freeBytes(workspace.path);
    return {
      problems,
      work,
      notes: [...notesOf(models, work.total, free), ...guessesOf(paces)],
      seconds: isOver ? exactly(0) : times(1 / 1000, both([...making, ...comparing])),
      speeds: speedsOf(paces),
      ...{ busy, free, known },
    };
  }

  /** Milliseconds of comparing each model's prototypes with its photographs. */
  async #comparing(
    configuration: AuditConfiguration,
    models: readonly ModelUnderAudit[],
    busy: boolean,
    signal?: AbortSignal,
  ): Promise<Range[]> {
    const spent: Range[] = [];
    for (const model of models.filter(({ photographs }) => photographs)) {
      const { layers } = configuration;
      const pace = await this.#speedometer.comparison(model.classifier, layers, busy, signal);
      spent.push(times(imagesOf(model), pace.natural));
      spent.push(times(comparisonsOf(model, configuration), pace.subject));
    }
    return spent;
  }
}

/** Milliseconds that the runs of a batch take. */
function timeOf(batch: Batch, runs: number, pace: Pace): Range {
  if (runs === 0) return exactly(0);
  const { steps } = batch.configuration;
  const { step, baselineSteps, compile, save } = pace;
  const saved = times(snapshotsOf(batch) + 2, save);
  const one = {
    least: (steps + 1 + baselineSteps.least) * step.least,
    most: (steps + 1 + baselineSteps.most) * step.most,
  };
  return both([compile, times(runs, both([one, saved]))]);
}

/** Runs of a batch that are still to be made. */
function left(workspace: WorkspaceReader, known: Estimate['known'], batch: Batch): number {
  if (!known) return batch.runs.length;
  const among = { modelId: batch.model.id, profile: batch.profile, state: 'finished' } as const;
  return batch.runs.length - workspace.runs.list(known.auditId, among).length;
}

function knownAudit(
  workspace: WorkspaceReader,
  configuration: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): Estimate['known'] {
  const auditId = workspace.audits.find(auditPlan(configuration, models, batches));
  if (auditId === undefined) return undefined;
  const { state } = workspace.audits.get(auditId)!;
  const { finished, queued, running, failed, cancelled } = workspace.runs.progress(auditId);
  return { auditId, state, finished, total: finished + queued + running + failed + cancelled };
}

function twins(models: readonly ModelUnderAudit[]): Problem[] {
  try {
    rejectTwins(models);
    return [];
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return [{ field: 'models', message: error.message }];
  }
}

function notesOf(models: readonly ModelUnderAudit[], bytes: Range, free?: number): string[] {
  const notes = models.flatMap((model) => [...model.classifier.notes, ...photographNotes(model)]);
  for (const { classifier } of models) {
    const [preset, assumed] = classifier.preprocessingFrom.split(' (assumed');
    if (assumed === undefined) continue;
    notes.push(
      `${classifier.name}: nothing says how it wants its images, so ${preset}’s way is assumed.`,
    );
  }
  if (free !== undefined && bytes.most > free) {
    notes.push('The disk may become full: free some space, or choose fewer classes or snapshots.');
  }
  return notes;
}

function speedsOf(paces: ReadonlyMap<Batch, Pace>): Speed[] {
  return [...paces].map(([{ model, profile }, { step, from, batch }]) => ({
    model: model.classifier.name,
    ...{ profile, step, from, batch },
  }));
}

/** What is assumed of a graphics card is said. */
function guessesOf(paces: ReadonlyMap<Batch, Pace>): string[] {
  const guesses = [...paces].filter(([, { batch, from }]) => batch.guessed && from === 'trial');
  const names = new Set(guesses.map(([{ model }]) => model.classifier.name));
  return [...names].map((name) => {
    const most = Math.max(
      ...guesses.map(([{ model }, { batch }]) =>
        model.classifier.name === name ? batch.images : 1,
      ),
    );
    return `${name}: how many images this engine computes at a time is measured when the audit begins; the time assumes ${most}, which is a guess.`;
  });
}

async function freeBytes(path: string): Promise<number | undefined> {
  const found = await statfs(path).catch(() => undefined);
  return found && found.bavail * found.bsize;
}
