import { z } from 'zod';

/**
 * What can be looked at, with a name for addresses, findings and reports: a prototype or a snapshot of its making, or
 * a natural exemplar of a class.
 */
export type Sight = Made | Natural;

/** A prototype; with a stage and a step, a snapshot of its making. */
export interface Made {
  readonly runId: number;
  readonly stage?: 'baseline' | 'prototype';
  readonly step?: number;
  readonly exemplar?: undefined;
}

/** A photograph as a model sees it. */
export interface Natural {
  readonly runId?: undefined;
  readonly stage?: undefined;
  readonly step?: undefined;
  readonly exemplar: {
    readonly modelId: number;
    readonly classIndex: number;
    /** Place among the class's photographs by falling logit, from 0. */
    readonly place: number;
  };
}

/** `17`, `17@448` for step 448, `17@b6` for step 6 of the baseline, `x2.400.0` for the first exemplar of class 400. */
export function formatSight({ runId, stage, step, exemplar }: Sight): string {
  if (exemplar) return `x${exemplar.modelId}.${exemplar.classIndex}.${exemplar.place}`;
  return step === undefined ? `${runId}` : `${runId}@${stage === 'baseline' ? 'b' : ''}${step}`;
}

const NUMBER = '(0|[1-9]\\d{0,14})';
const made = new RegExp(`^${NUMBER}(?:@(b?)${NUMBER})?$`);
const natural = new RegExp(`^x${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);

/** @returns undefined for what is no picture's name */
export function parseSight(text: string): Sight | undefined {
  const exemplar = natural.exec(text);
  if (exemplar) {
    const [modelId, classIndex, place] = exemplar.slice(1).map(Number);
    return { exemplar: { modelId, classIndex, place } };
  }
  const found = made.exec(text);
  if (!found) return undefined;
  const [, runId, baseline, step] = found;
  if (step === undefined) return { runId: Number(runId) };
  return { runId: Number(runId), stage: baseline ? 'baseline' : 'prototype', step: Number(step) };
}

/** The name of what a picture belongs to: a snapshot's is its prototype's. */
export const sourceOf = (name: string): string => name.split('@', 1)[0];

/** One key for the same pictures in any order. */
export const subjectKey = (names: readonly string[]): string => [...names].sort().join();

const sightName = z
  .string()
  .refine((name) => parseSight(name) !== undefined, { error: 'this is no name of a picture' });

/** What a finding is about: one prototype, or two to four pictures together. */
export const subjectSchema = z
  .array(sightName)
  .min(1)
  .max(4)
  .refine((names) => new Set(names).size === names.length, {
    error: 'each picture can stand here once',
  })
  .refine(([first, ...more]) => more.length > 0 || /^\d+$/.test(first), {
    error: 'a picture alone must be a finished prototype',
  });
