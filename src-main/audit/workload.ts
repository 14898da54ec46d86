import type { Batch } from './plan.ts';
import type { ModelUnderAudit } from './model.ts';

/** Overhead of one run of a network, in multiply-adds that would take as long: it dominates in very small ones. */
const OVERHEAD = 20e6;

/** Forward passes that one step costs: forward, backward, and what surrounds them. */
const STEP = 2.4;

/** Forward passes that one natural image costs, over both passes of the measurement. */
const NATURAL_IMAGE = 6;

/** How far an audit is. One unit of work is a multiply-add. */
export interface AuditProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

const pass = (model: ModelUnderAudit): number => model.cost + OVERHEAD;

/** Work of a step of generation. */
export const stepWork = (model: ModelUnderAudit): number => STEP * pass(model);

/** Work of one prototype. Stage 1 ends early as a rule, after less than a fifth of its steps. */
export function prototypeWork({ model, configuration }: Batch): number {
  const { steps, baseline } = configuration;
  return (steps + (baseline.enabled ? baseline.maxSteps / 5 : 0)) * stepWork(model);
}

/** Work of comparing a model's prototypes with its photographs. */
export function similarityWork(model: ModelUnderAudit, subjects: number): number {
  const images = model.photographs?.classes.reduce((sum, { files }) => sum + files.length, 0) ?? 0;
  return images === 0 ? 0 : (NATURAL_IMAGE * images + 2 * subjects) * pass(model);
}

/** Adds up work as it is done. */
export class Workload {
  readonly #total: number;
  readonly #onProgress: (progress: AuditProgress) => void;
  #done = 0;

  constructor(total: number, onProgress: (progress: AuditProgress) => void) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /**
   * A part of the work that reports its own share.
   * @param work what the whole part is worth
   * @returns takes the share of the part that is done, from 0 to 1, and what is being done
   */
  part(work: number): (share: number, label: string) => void {
    const start = this.#done;
    this.#done += work;
    return (share, label) => {
      const done = start + Math.min(1, share) * work;
      this.#onProgress({ done, total: this.#total, label });
    };
  }
}
