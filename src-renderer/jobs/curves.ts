import type { Making, Point } from '../../src-main/api/job.ts';
import type { Drawing } from '../kit/chart.ts';
import { lookOf, type Look } from '../kit/lines.ts';

/** What is plotted of an optimisation: the logit, and the loss that its stage minimises. */
export interface Curve extends Pick<Drawing, 'labels' | 'places' | 'lines'> {
  readonly term: 'logit' | 'variance' | 'highFrequency';
  readonly name: string;
}

const look: Look = { ...lookOf({ kind: 'prototype', series: 'paper' }), mark: false, width: 2 };

/** The curves of the stage under way: the two stages minimise different things, from different starts. */
export function curvesOf({ points }: Making): Curve[] {
  const stage = points.at(-1)?.stage;
  const own = points.filter((point) => point.stage === stage);
  const curve = (
    term: Curve['term'],
    name: string,
    valueOf: (point: Point) => number | null,
  ): Curve => ({
    ...{ term, name },
    labels: own.map(({ step }) => `${step}`),
    places: own.map(({ step }) => step),
    lines: [{ name, values: own.map(valueOf), look }],
  });
  return [
    curve('logit', 'Logit', ({ logit }) => logit),
    stage === 'baseline'
      ? curve('variance', 'Probability variance', ({ losses }) => losses.variance)
      : curve('highFrequency', 'High-frequency loss', ({ losses }) => losses.highFrequency),
  ];
}

/** Where an optimisation is, for a person: what the stage is for, and its step. */
export function stageOf({ steps }: Making, at: Point | undefined): { stage: string; step: string } {
  if (!at) return { stage: 'Preparing', step: '' };
  const step = (at.step + 1).toLocaleString('en');
  if (at.stage === 'baseline') {
    const most = steps.baseline.toLocaleString('en');
    return { stage: 'Stage 1 of 2: a neutral start', step: `step ${step} of at most ${most}` };
  }
  const stage = steps.baseline > 0 ? 'Stage 2 of 2: raising the logit' : 'Raising the logit';
  return { stage, step: `step ${step} of ${steps.prototype.toLocaleString('en')}` };
}
