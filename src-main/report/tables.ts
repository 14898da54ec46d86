import type { Report } from '../api/report.ts';
import { csv, type Cell } from './csv.ts';

type Interval = readonly [number | null, number | null] | null | undefined;
type Scores = NonNullable<Report['scores'][number]['scores']>;

const ends = (interval: Interval): Cell[] => [interval?.[0], interval?.[1]];

/** The report's tables as CSV, by the name of their file. */
export function tablesOf(report: Report): ReadonlyMap<string, string> {
  const model = (id: number | undefined): Cell =>
    report.models.find((each) => each.id === id)?.name;
  return new Map([
    ['models.csv', models(report)],
    ['prototypes.csv', prototypes(report, model)],
    ...features(report, model),
    ['findings.csv', findings(report, model)],
    ['natural-images.csv', naturalImages(report, model)],
    ['scores.csv', scores(report, model)],
    ['layers.csv', layers(report, model)],
    ['entanglement.csv', entanglement(report, model)],
    ['transfer.csv', transfer(report, model)],
  ]);
}

type Name = (id: number | undefined) => Cell;

const models = (report: Report): string =>
  csv(
    ['model', 'file', 'bytes', 'sha256', 'fingerprint', 'classes', 'preprocessing_from'],
    report.models.flatMap(({ name, files, fingerprint, classes, preprocessingFrom }) =>
      files.map(({ path, bytes, sha256 }) => [
        ...[name, path, bytes, sha256, fingerprint, classes, preprocessingFrom],
      ]),
    ),
  );

const prototypes = (report: Report, model: Name): string =>
  csv(
    [
      ...[
        'run',
        'model',
        'class_index',
        'class',
        'profile',
        'prototype',
        'control',
        'seed',
        'state',
      ],
      ...[
        'reason',
        'logit',
        'probability',
        'seen_as',
        'stability',
        'baseline_steps',
        'steps',
        'review',
        'severity',
      ],
      ...['image_sha256', 'raw_sha256'],
    ],
    report.prototypes.map((each) => [
      ...[each.runId, model(each.modelId), each.classIndex, each.label, each.profile],
      ...[each.prototypeIndex, each.control, each.seed, each.state, each.reason, each.logit],
      ...[
        each.probability,
        each.seenAs,
        each.stability,
        each.baselineSteps,
        each.steps,
        each.review,
      ],
      ...[each.severity, each.image, each.raw],
    ]),
  );

/** One row a feature; no table where no model takes rows. */
function features(report: Report, model: Name): [string, string][] {
  const rows = report.prototypes.flatMap(({ runId, modelId, label, profile, features: row = [] }) =>
    row.map(({ name, value, unit, category }) => [
      ...[runId, model(modelId), label, profile, name, value, unit, category],
    ]),
  );
  const head = ['run', 'model', 'class', 'profile', 'feature', 'value', 'unit', 'category'];
  return rows.length === 0 ? [] : [['features.csv', csv(head, rows)]];
}

/** One row a picture: findings on comparisons have several. */
const findings = (report: Report, model: Name): string =>
  csv(
    [
      ...['finding', 'state', 'severity', 'note', 'reading', 'reviewed_at', 'picture', 'run'],
      ...['model', 'class_index', 'description', 'image_sha256'],
    ],
    report.findings.flatMap(({ state, severity, note, reading, reviewedAt, pictures }, place) =>
      pictures.map((picture) => [
        ...[place + 1, state, severity, note, reading, reviewedAt, picture.sight, picture.runId],
        ...[model(picture.modelId), picture.classIndex, picture.description, picture.image],
      ]),
    ),
  );

const naturalImages = (report: Report, model: Name): string =>
  csv(
    ['model', 'class_index', 'class', 'given', 'n', 'evidence', 'most_typical'],
    report.naturalImages.map(({ modelId, classIndex, label, given, naturalImages: n, ...rest }) => [
      ...[model(modelId), classIndex, label, given, n, rest.evidence],
      rest.exemplars.map(({ name }) => name).join(' | '),
    ]),
  );

const scoreHead = [
  ...[
    'pooled',
    'pooled_low',
    'pooled_high',
    'pooled_first',
    'pooled_middle',
    'pooled_last',
    'full',
  ],
  ...['spearman_percent', 'spearman_low', 'spearman_high', 'l1_percent', 'l1_low', 'l1_high'],
  ...['leave_one_out_spearman_percent', 'leave_one_out_l1_percent'],
];

function scoreCells(found: Scores | null | undefined): Cell[] {
  if (!found) return scoreHead.map(() => null);
  const { full, pooled } = found;
  const { all, first, middle, last, interval } = pooled.normalised;
  return [
    ...[all, ...ends(interval), first, middle, last, full.normalised.all],
    ...[full.spearman.percent, ...ends(full.spearman.interval)],
    ...[full.l1.percent, ...ends(full.l1.interval)],
    ...[full.leaveOneOutSpearman.percent, full.leaveOneOutL1.percent],
  ];
}

/** Class by class, then over all classes of a model: those rows have no class. */
function scores(report: Report, model: Name): string {
  const classes = report.scores.map(({ scores: found, naturalImages: n, ...each }) => [
    ...[model(each.modelId), each.classIndex, each.label, each.series, each.kind, each.ordinal],
    ...[n, each.evidence, each.logit, ...scoreCells(found)],
  ]);
  const totals = report.similarity.models.flatMap(({ modelId, totals: all }) =>
    all.map(({ series, kind, naturalImages: n, scores: found }) => [
      ...[model(modelId), null, null, series, kind, null],
      ...[n, found ? 'sufficient' : 'insufficient', null, ...scoreCells(found)],
    ]),
  );
  const head = ['model', 'class_index', 'class', 'series', 'kind', 'ordinal', 'n', 'evidence'];
  return csv([...head, 'logit', ...scoreHead], [...classes, ...totals]);
}

/** Means over the classes with sufficient evidence, layer by layer. */
const layers = (report: Report, model: Name): string =>
  csv(
    [
      ...['model', 'position', 'layer', 'series', 'kind', 'variant'],
      ...['spearman', 'natural_spearman', 'l1', 'natural_l1', 'normalised'],
    ],
    report.similarity.models.flatMap(({ modelId, layers: names, curves, natural }) =>
      curves.flatMap(({ series, kind, layers: points }) =>
        points.flatMap((point, place) =>
          (['full', 'pooled'] as const).map((variant) => [
            ...[model(modelId), place + 1, names[place], series, kind, variant],
            ...[point[variant].spearman, natural[place][variant].spearman],
            ...[point[variant].l1, natural[place][variant].l1, point[variant].normalised],
          ]),
        ),
      ),
    ),
  );

const labelOf = ({ prototypes: all }: Report, modelId: number, classIndex: number): Cell =>
  all.find((each) => each.modelId === modelId && each.classIndex === classIndex)?.label;

const entanglement = (report: Report, model: Name): string =>
  csv(
    ['model', 'profile', 'class_a', 'label_a', 'class_b', 'label_b', 'cosine', 'probability'],
    report.similarity.entanglement.flatMap(({ modelId, profile, pairs }) =>
      pairs.map(({ a, b, cosine, probability }) => [
        ...[model(modelId), profile, a, labelOf(report, modelId, a)],
        ...[b, labelOf(report, modelId, b), cosine, probability],
      ]),
    ),
  );

const transfer = (report: Report, model: Name): string =>
  csv(
    [
      'made_with',
      'shown_to',
      'profile',
      'class_index',
      'class',
      'recognised',
      'predicted',
      'logit',
      'probability',
      'place',
    ],
    report.similarity.transfer.flatMap(({ from, to, profile, classes }) =>
      classes.map(({ classIndex, transfers, predicted, logit, probability, place }) => [
        ...[model(from), model(to), profile, classIndex, labelOf(report, to, classIndex)],
        ...[transfers, predicted, logit, probability, place],
      ]),
    ),
  );
