import type { JobProgress, Making, Point } from '../api/job.ts';
import type { Configuration } from '../prototype/configuration.ts';
import type { RunRecord } from '../store/run-reader.ts';
import type { WorkspaceReader } from '../store/workspace.ts';
import { tileAnswer } from './answers/audit.ts';
import { snapshotOf } from './answers/prototype.ts';
import { Trace } from './trace.ts';

interface Piece {
  /** Absent before the first step is heard of. */
  trace?: Trace;
  imageHash?: string;
}

/** The prototypes in the making: the curve of each, and the latest look at it. */
export class Workbench {
  readonly #workspace: WorkspaceReader;
  readonly #pieces = new Map<number, Piece>();

  constructor(workspace: WorkspaceReader) {
    this.#workspace = workspace;
  }

  /** An interrupted optimisation has a picture, and a curve as far as its snapshots tell. */
  begin(runId: number): void {
    const imageHash = this.#workspace.runs.snapshots(runId).at(-1)?.imageHash;
    this.#pieces.set(runId, imageHash === undefined ? {} : { imageHash });
  }

  step(runId: number, point: Point): void {
    const piece = this.#pieces.get(runId);
    if (!piece) return;
    if (piece.trace) return piece.trace.add(point);
    const before = this.#workspace.runs.snapshots(runId).map(snapshotOf);
    piece.trace = new Trace(before, point);
  }

  look(runId: number, imageHash: string): void {
    const piece = this.#pieces.get(runId);
    if (piece) piece.imageHash = imageHash;
  }

  end(runId: number): void {
    this.#pieces.delete(runId);
  }

  get looks(): JobProgress['looks'] {
    return [...this.#pieces].flatMap(([runId, { imageHash }]) =>
      imageHash === undefined ? [] : [{ runId, imageHash }],
    );
  }

  /** All of it, for a page that has just been opened. */
  get making(): Making[] {
    return [...this.#pieces].map(([runId, { trace, imageHash }]) => {
      const run = this.#workspace.runs.get(runId)!;
      const { name, facts } = this.#workspace.models.get(run.modelId)!;
      const { height, width } = facts.input;
      return {
        ...{ tile: tileAnswer(this.#workspace, runId), modelName: name, height, width },
        ...{ steps: stepsOf(run), imageHash, points: trace?.points ?? [] },
      };
    });
  }
}

function stepsOf({ configuration }: RunRecord): Making['steps'] {
  const { baseline, steps } = configuration as Configuration;
  return { baseline: baseline.enabled ? baseline.maxSteps : 0, prototype: steps };
}
