import { createHash } from 'node:crypto';
import type { Audit, Tile } from '../../../src-main/api/audit.ts';
import type { Prototype } from '../../../src-main/api/prototype.ts';
import type { Similarity } from '../../../src-main/api/similarity.ts';
import type { Studio } from '../../../src-main/api/studio.ts';

/** An audit that nobody made, of any size, for the page to show. */
export interface Scale {
  readonly classes: number;
  readonly models: number;
}

const profiles = ['fourier', 'paper', 'plain'];
const layers = ['conv1', 'conv2', 'fc'];
const progress = { queued: 0, running: 0, finished: 0, failed: 0, cancelled: 0 };
const createdAt = '2026-01-01T00:00:00.000Z';

/** Names of a few pictures, which many tiles share. */
const hashOf = (number: number): string =>
  createHash('sha256')
    .update(`${number % 12}`)
    .digest('hex');

const labelOf = (classIndex: number): string =>
  classIndex % 7 === 3
    ? `class ${classIndex} with a long name, as ImageNet has them: mortarboard, academic cap`
    : `class ${classIndex}`;

function tileOf(runId: number, modelId: number, profile: string, classIndex: number): Tile {
  const tile = {
    runId,
    modelId,
    classIndex,
    label: labelOf(classIndex),
    profile,
    prototypeIndex: 0,
  };
  if (runId % 29 === 7) return { ...tile, state: 'failed', reason: 'The logit is not a number.' };
  if (runId % 31 === 9) return { ...tile, state: 'queued' };
  return {
    ...{ ...tile, state: 'finished', imageHash: hashOf(runId) },
    ...{ logit: 10 + (runId % 17), probability: 0.9 },
    ...(runId % 11 === 4 && { seenAs: labelOf(classIndex + 1) }),
  };
}

const summaryOf = (tiles: readonly Tile[]): Audit['summary'] => ({
  ...{ id: 1, name: 'fixture', state: 'finished', createdAt },
  ...{ models: [1, 2], imageSets: [], classes: 9 },
  progress: { ...progress, finished: tiles.length },
});

export function auditOf({ classes, models }: Scale): Audit {
  const columns = Array.from({ length: models }, (_, model) => model + 1).flatMap((modelId) =>
    profiles.map((profile) => ({ modelId, profile })),
  );
  const tiles = columns.flatMap(({ modelId, profile }, column) =>
    Array.from({ length: classes }, (_, index) =>
      tileOf(column * classes + index + 1, modelId, profile, index),
    ),
  );
  const figures = { naturalImages: 20, spearmanPercent: 20, l1Percent: 40, normalisedPooled: 0.5 };
  return {
    summary: summaryOf(tiles),
    models: Array.from({ length: models }, (_, model) => ({
      ...{ id: model + 1, name: `network ${model + 1}`, classes, height: 32, width: 32 },
    })),
    tiles,
    scores: tiles.flatMap(({ modelId, classIndex, profile }) => [
      {
        ...{ ...figures, modelId, classIndex, series: profile, ordinal: 0 },
        ...{ kind: profile === 'plain' ? 'plain' : 'prototype', evidence: 'sufficient' as const },
      },
    ]),
    totals: [],
  };
}

export const studioOf = (audit: Audit): Studio => ({
  ...{ workspace: { name: 'fixture', path: '/fixture' }, version: '0.0.0' },
  engine: {
    ...{ id: 'none', provider: 'cpu', device: 'none', version: '0', threads: 1 },
    precision: 'float32',
    deterministic: true,
  },
  ...{ audits: [audit.summary], jobs: [], models: [], imageSets: [] },
});

const band = { mean: 0.8, quantiles: [0.6, 0.7, 0.8, 0.85, 0.9] as const };
const natural = {
  ...{ spearman: band, l1: band, leaveOneOutSpearman: band, leaveOneOutL1: band },
  ...{ same: 0.7, different: 0.2 },
};
const curveOf = (series: string, kind: string) => ({
  ...{ series, kind },
  layers: layers.map((_, place) => {
    const layer = { spearman: 0.2 * place, l1: 0.1 * place, normalised: 0.3 * place };
    return { full: layer, pooled: layer };
  }),
});

export function prototypeOf({ tiles }: Audit, runId: number): Prototype {
  const tile = tiles[runId - 1];
  const losses = { variance: 0.1, highFrequency: 2 };
  return {
    ...{ tile, auditId: 1, modelName: `network ${tile.modelId}`, seed: 0, attempts: 1 },
    configuration: { profile: tile.profile, steps: 64, affine: { scale: [0.7, 1.3] } },
    ...{ modelSha256: hashOf(tile.modelId), preprocessingFrom: 'imagenet' },
    snapshots: [0, 16, 32, 48].map((step) => ({
      ...{ stage: 'prototype', step, logit: step / 4, losses, imageHash: hashOf(step) },
    })),
    result: {
      ...{ imageHash: hashOf(runId), channels: 3, height: 32, width: 32, logit: 12, losses },
      ...{ probability: 0.9, baselineSteps: 5, steps: 64, stillSteps: 0 },
      topLogits: [tile.classIndex, tile.classIndex + 1].map((classIndex) => ({
        ...{ classIndex, label: labelOf(classIndex), logit: 12 - classIndex, probability: 0.5 },
      })),
    },
    path: {
      ...{ layers, evidence: 'sufficient', given: 20, naturalImages: 20 },
      natural: layers.map(() => ({ full: natural, pooled: natural })),
      prototype: curveOf(tile.profile, 'prototype'),
      controls: [curveOf('grey', 'grey'), curveOf('noise', 'noise')],
    },
  };
}

const share = { percent: 20, interval: [10, 30] as const };
const scores = {
  ...{ spearman: share, l1: share, leaveOneOutSpearman: share, leaveOneOutL1: share },
  normalised: { all: 0.5, first: 0.1, middle: 0.5, last: 0.9, undefinedLayers: 0 },
};

export const similarityOf = ({ models }: Audit): Similarity => ({
  models: models.map(({ id }) => ({
    ...{ modelId: id, layers, leftOut: [], skipped: [], filter: 'predicted', seed: 0 },
    ...{ resamples: 1000, classes: [] },
    totals: [
      ['paper', 'prototype'],
      ['grey', 'grey'],
    ].map(([series, kind]) => ({
      ...{ series, kind, classes: 3, naturalImages: 60, scores: { full: scores, pooled: scores } },
    })),
    natural: layers.map(() => ({
      ...{ full: { spearman: 0.8, l1: 0.1 }, pooled: { spearman: 0.8, l1: 0.1 } },
    })),
    curves: [curveOf('paper', 'prototype'), curveOf('grey', 'grey')],
  })),
  entanglement: [
    {
      ...{ modelId: 1, profile: 'paper', classes: [0, 1] },
      probabilities: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      cosines: [
        [1, 0.4],
        [0.4, 1],
      ],
      pairs: [{ a: 0, b: 1, cosine: 0.4, probability: 0.2 }],
    },
  ],
  transfer: [
    {
      ...{ from: 1, to: 2, profile: 'paper' },
      classes: [
        { classIndex: 0, logit: 3, probability: 0.6, predicted: 0, place: 1, transfers: true },
      ],
    },
  ],
});
