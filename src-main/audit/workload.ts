import type { Stage } from '../prototype/checkpoint.ts';
import type { Configuration } from '../prototype/configuration.ts';
import type { Batch } from './plan.ts';
import type { ModelUnderAudit } from './model.ts';

/** Overhead of one run of a network, in multiply-adds that would take as long: it dominates in very small ones. */
const OVERHEAD = 20e6;

/** Forward passes that one step costs: forward, backward, and what surrounds them. */
const STEP = 2.4;

/** Forward passes that one natural image costs, over both passes of the measurement. */
const NATURAL_IMAGE = 6;

/** What an audit is busy with, one after the other. */
export type Phase = 'prototypes' | 'similarity' | 'relations';

/** Things of one kind that are measured, in words of a person: photographs, or images that are compared with them. */
export interface Measured {
  readonly what: 'natural images' | 'subjects';
  readonly done: number;
  readonly total: number;
}

/** How far an audit is. One unit of work is a multiply-add. */
export interface AuditProgress {
  /** Work of this session, and all that was to do when it began. */
  readonly done: number;
  readonly total: number;
  /** Work that was done in earlier sessions; it tells nothing of the pace of this one. */
  readonly before: number;
  readonly phase: Phase;
  readonly label: string;
  readonly measured?: Measured;
}

/** Takes the share of a part of the work that is done, from 0 to 1, and what is being done. */
export type TellShare = (share: number, label: string, measured?: Measured) => void;

const pass = (model: ModelUnderAudit): number => model.cost + OVERHEAD;

/** Work of a step of generation. */
const stepWork = (model: ModelUnderAudit): number => STEP * pass(model);

/** Steps that stage 1 is expected to take: it ends early as a rule, after less than a fifth of the most. */
const baselineSteps = ({ baseline }: Configuration): number =>
  baseline.enabled ? baseline.maxSteps / 5 : 0;

/** Work of one prototype. */
export const prototypeWork = ({ model, configuration }: Pick<Batch, 'model' | 'configuration'>) =>
  (configuration.steps + baselineSteps(configuration)) * stepWork(model);

/** Share of a prototype that is made when it is at a step, from 0 to 1. */
export function shareOf(stage: Stage, step: number, configuration: Configuration): number {
  const before = baselineSteps(configuration);
  const taken = stage === 'baseline' ? Math.min(step, before) : before + step;
  return taken / Math.max(1, before + configuration.steps);
}

/** Work of comparing a model's prototypes with its photographs. */
export function similarityWork(model: ModelUnderAudit, subjects: number): number {
  const images = model.photographs?.classes.reduce((sum, { files }) => sum + files.length, 0) ?? 0;
  return images === 0 ? 0 : (NATURAL_IMAGE * images + 2 * subjects) * pass(model);
}

/** Adds up work as it is done. */
export class Workload {
  readonly #total: number;
  readonly #before: number;
  readonly #onProgress: (progress: AuditProgress) => void;
  #done = 0;

  /** @param before work that was done in earlier sessions */
  constructor(total: number, before: number, onProgress: (progress: AuditProgress) => void) {
    this.#total = total;
    this.#before = before;
    this.#onProgress = onProgress;
  }

  /**
   * A part of the work that reports its own share.
   * @param work what the whole part is worth
   */
  part(phase: Phase, work: number): TellShare {
    const start = this.#done;
    this.#done += work;
    return (share, label, measured) => {
      const done = start + Math.min(1, share) * work;
      const how = { done, total: this.#total, before: this.#before, phase, label };
      this.#onProgress({ ...how, ...(measured && { measured }) });
    };
  }
}
