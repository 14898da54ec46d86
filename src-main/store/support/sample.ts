import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Classifier } from '../../classifier/classifier.ts';
import type { SimilarityResult } from '../../similarity/result.ts';
import type { Outcome, RunPlan } from '../runs.ts';
import type { Workspace } from '../workspace.ts';

/** A classifier of three classes, as far as a workspace looks at it. */
export const classifier: Classifier = {
  name: 'tiny',
  format: 'onnx',
  files: [
    { path: 'tiny.onnx', bytes: 10, sha256: 'a'.repeat(64) },
    { path: 'tiny.json', bytes: 20, sha256: 'b'.repeat(64) },
  ],
  graph: { name: 'tiny', inputs: [], outputs: ['logits'], nodes: [], constants: new Map() },
  logits: 'logits',
  input: { name: 'x', channels: 3, height: 2, width: 2, layout: 'NCHW', batch: 'free' },
  preprocessing: { range: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'RGB', resize: 2 },
  preprocessingFrom: 'unit',
  labels: ['cat', 'academic gown', 'dog'],
  notes: [],
};

export const imageSet = {
  fingerprint: 'c'.repeat(64),
  name: 'photos',
  path: '/photos',
  images: 25,
  counts: { cat: 12, dog: 13 },
  skipped: [],
};

/** Bytes that are told apart by a number. */
export const bytesOf = (number: number, length = 64): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (number * 31 + i * 7) % 256);

/** What the run of a class gives: always the same. */
export function outcomeOf(classIndex: number): Outcome {
  return {
    image: bytesOf(classIndex, 200),
    raw: Float32Array.from({ length: 12 }, (_, i) => (classIndex + i / 12) / 64),
    channels: 3,
    height: 2,
    width: 2,
    logits: Float32Array.of(classIndex, 0.5, -1.25),
    logit: 7.5 + classIndex,
    probability: 0.75,
    predicted: classIndex,
    losses: { variance: 0.125, highFrequency: 0.0625 },
    baselineSteps: 6,
    steps: 512,
    stillSteps: 0,
    engine: {
      id: 'onnxruntime',
      provider: 'cpu',
      device: 'some processor',
      version: '1',
      threads: 2,
      precision: 'float32',
      deterministic: true,
    },
    versions: { eidoscope: '0.1.0' },
    timings: { network: 12.5 },
    batch: { images: 1, because: 'A processor is no faster with more.', trials: [], ranOut: [] },
  };
}

export const plansOf = (modelId: number, classes: number): RunPlan[] =>
  Array.from({ length: classes }, (_, classIndex) => ({
    modelId,
    classIndex,
    label: `class ${classIndex}`,
    profile: 'paper',
    prototypeIndex: 0,
    seed: 1,
    configuration: { profile: 'paper', steps: 512 },
  }));

/** An audit of the classifier above with a run for each class. */
export function planAudit(workspace: Workspace, classes = 3): { auditId: number; modelId: number } {
  const modelId = workspace.models.save(classifier, '/models/tiny.onnx');
  const imageSetId = workspace.imageSets.save(imageSet);
  const auditId = workspace.audits.create({
    name: 'first',
    configuration: { seed: 1 },
    models: [{ modelId, imageSetId }],
  });
  workspace.runs.plan(auditId, plansOf(modelId, classes));
  return { auditId, modelId };
}

/** A folder that ends with the test. */
export function scratchFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'workspace-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const quantiles = [0, 0.25, 0.5, 0.75, 1] as const;
const band = (mean: number) => ({ mean, quantiles });
const natural = (different: number | null) => ({
  spearman: band(0.5),
  l1: band(0.125),
  leaveOneOutSpearman: band(0.4375),
  leaveOneOutL1: band(0.25),
  same: 0.375,
  different,
  constant: 1,
});
const share = (percent: number) => ({ percent, interval: [percent - 5, percent + 5] as const });
const scoresOf = (l1: number) => ({
  spearman: share(25),
  l1: share(l1),
  leaveOneOutSpearman: share(30),
  leaveOneOutL1: share(80),
  normalised: {
    ...{ all: 0.5, first: null, middle: 0.25, last: 1, undefinedLayers: 1 },
    interval: [0.375, 0.625] as const,
    thirds: { first: null, middle: [0.125, 0.5] as const, last: null },
  },
});
const subjectOf = (series: string, kind: 'prototype' | 'grey', l1: number) => ({
  series,
  kind,
  logit: 7.5,
  predicted: 0,
  layers: Array.from({ length: 2 }, (_, layer) => ({
    full: { spearman: 0.5 - layer, l1: 0.125, pairwise: 0.25, normalised: layer ? 0.75 : null },
    pooled: { spearman: 0.625, l1: 0.5, pairwise: 0.75, normalised: 1 },
  })),
  scores: { full: scoresOf(l1), pooled: scoresOf(l1 / 2) },
});

/** Path similarity of the classifier above over two layers, `l1` per cent of them won. */
export const similarityOf = (l1: number): SimilarityResult => ({
  layers: [
    { name: 'conv1', value: 'x1', activations: 8 },
    { name: 'fc', value: 'x2', activations: 3 },
  ],
  leftOut: [{ name: 'pool', reason: 'It is constant.' }],
  classes: [
    {
      ...{ index: 0, label: 'cat', given: 14, n: 12, evidence: 'sufficient' },
      images: [{ name: 'one.jpg', logit: 3.5 }],
      layers: [natural(0.125), natural(null)].map((full) => ({ full, pooled: natural(0.25) })),
      subjects: [
        subjectOf('paper', 'prototype', l1),
        subjectOf('paper', 'prototype', l1 / 4),
        subjectOf('grey', 'grey', 66),
      ],
    },
    {
      ...{ index: 2, label: 'dog', given: 3, n: 0, evidence: 'insufficient' },
      ...{ images: [], layers: [], subjects: [] },
    },
  ],
  totals: [
    {
      ...{ series: 'paper', kind: 'prototype', classes: 1, n: 12 },
      scores: { full: scoresOf(l1), pooled: scoresOf(l1) },
    },
    { series: 'plain', kind: 'plain', classes: 0, n: 0, scores: null },
  ],
  skipped: [{ name: 'broken.jpg', reason: 'It is truncated.' }],
  filter: 'predicted',
  seed: 1,
  resamples: 1000,
});
