import type { Bytes, Range, Work } from '../api/estimate.ts';
import { channelsOf, lengthOf } from '../similarity/desk.ts';
import { rankedImages } from '../similarity/pooled-bootstrap.ts';
import { tapsOf } from '../similarity/tap.ts';
import type { AuditConfiguration } from './configuration.ts';
import type { ModelUnderAudit } from './model.ts';
import type { Batch } from './plan.ts';
import { modelLayers } from './scoring.ts';

/**
 * Bytes of a PNG over those of its pixels, of a snapshot and of a finished prototype: over eight networks and all
 * profiles, single ones lie between 0.2 (a Fourier image at its start) and 1.04. A finished one carries its provenance
 * besides, 700 to 1500 bytes.
 */
const PNG: Range = { least: 0.5, most: 1.05 };
const PROVENANCE: Range = { least: 400, most: 1800 };

/** Rows of the database with their indexes, in bytes, as measured on a workspace of 60 runs. */
const ROWS = {
  run: 1900,
  snapshot: 310,
  naturalLayer: 590,
  layerScore: 57,
  comparison: 1290,
  naturalImage: 50,
  pair: 40,
  model: 8000,
} as const;
/** How far the database may be from that: figures have more or fewer digits, and pages are partly empty. */
const DATABASE: Range = { least: 0.6, most: 1.7 };

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const both = (ranges: readonly Range[]): Range => ({
  least: sum(ranges.map(({ least }) => least)),
  most: sum(ranges.map(({ most }) => most)),
});

export const times = (count: number, { least, most }: Range): Range => ({
  least: count * least,
  most: count * most,
});

export const exactly = (value: number): Range => ({ least: value, most: value });

/** Snapshots of one prototype: one at step 0, and one every so often. */
export const snapshotsOf = ({ configuration: { steps, snapshotEvery } }: Batch): number =>
  snapshotEvery === 0 ? 0 : Math.ceil(steps / snapshotEvery);

/** Natural images of a model's audited classes. */
export const imagesOf = ({ photographs }: ModelUnderAudit): number =>
  sum(photographs?.classes.map(({ files }) => files.length) ?? []);

/** Prototypes and controls of a model that are compared with natural images (see `score`). */
export function comparisonsOf(model: ModelUnderAudit, audit: AuditConfiguration): number {
  const classes = model.photographs?.classes.length ?? 0;
  const profiles = audit.profiles.length;
  const strangers = classes < 2 ? 0 : profiles;
  // Grey and noise are always there; a table has two of each.
  const always = model.classifier.features ? 4 : 2;
  return classes * (profiles * audit.prototypes + always + (audit.controls ? 1 + strangers : 0));
}

/** @param baselineSteps likely steps of stage 1 of one prototype of a batch */
export function workOf(
  audit: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
  baselineSteps: (batch: Batch) => Range,
): Work {
  const over = (value: (batch: Batch) => number): number =>
    sum(batches.map((batch) => batch.runs.length * value(batch)));
  const bytes = bytesOf(audit, models, batches);
  const isControl = ({ profile }: Batch): boolean => profile === 'plain';
  return {
    prototypes: over((batch) => (isControl(batch) ? 0 : 1)),
    controls: over((batch) => (isControl(batch) ? 1 : 0)),
    snapshots: over(snapshotsOf),
    steps: over(({ configuration }) => configuration.steps),
    baselineSteps: both(batches.map((batch) => times(batch.runs.length, baselineSteps(batch)))),
    naturalImages: sum(models.map(imagesOf)),
    comparisons: sum(models.map((model) => comparisonsOf(model, audit))),
    bytes,
    total: both(Object.values(bytes)),
  };
}

function bytesOf(
  audit: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): Bytes {
  const size = ({ model: { classifier } }: Batch): number => {
    const { channels, height, width } = classifier.input;
    return channels * height * width;
  };
  const each = (bytes: (batch: Batch) => Range): Range =>
    both(batches.map((batch) => times(batch.runs.length, bytes(batch))));
  return {
    images: each((batch) => both([times(size(batch), PNG), PROVENANCE])),
    tensors: each((batch) => exactly(4 * size(batch))),
    snapshots: each((batch) => times(snapshotsOf(batch) * size(batch), PNG)),
    evidence: both(models.map((model) => evidenceOf(model, audit))),
    database: times(databaseOf(audit, models, batches), DATABASE),
  };
}

/** The records of a model's natural images (similarity/record.ts); of images that do not count nothing is kept. */
function evidenceOf(model: ModelUnderAudit, audit: AuditConfiguration): Range {
  const { photographs, classifier } = model;
  if (!photographs) return exactly(0);
  const taps = tapsOf(classifier, modelLayers(model, audit.layers));
  const channels = channelsOf(taps);
  const ranked = rankedImages(photographs.classes.length, channels);
  const yardsticks = 8 * (sum(taps.map(lengthOf)) + channels);
  return both(
    photographs.classes.map(({ files }) => {
      const most = yardsticks + imageBytes(files.length);
      return { least: yardsticks + 0.2 * imageBytes(files.length), most };
    }),
  );

  function imageBytes(count: number): number {
    return 48 * taps.length * count + 4 * channels * Math.min(count, ranked) + 150 * count;
  }
}

function databaseOf(
  audit: AuditConfiguration,
  models: readonly ModelUnderAudit[],
  batches: readonly Batch[],
): number {
  const runs = batches.map((batch) => {
    const logits = 4 * batch.model.classifier.labels.length;
    return batch.runs.length * (ROWS.run + logits + ROWS.snapshot * snapshotsOf(batch));
  });
  const compared = models.map((model) => {
    const layers = model.photographs ? modelLayers(model, audit.layers).length : 0;
    const classes = model.photographs?.classes.length ?? 0;
    const comparisons = comparisonsOf(model, audit);
    const pairs = audit.profiles.length * model.classes.length ** 2;
    return (
      ROWS.model +
      pairs * ROWS.pair +
      imagesOf(model) * ROWS.naturalImage +
      2 * layers * (classes * ROWS.naturalLayer + comparisons * ROWS.layerScore) +
      comparisons * ROWS.comparison
    );
  });
  return sum(runs) + sum(compared);
}
