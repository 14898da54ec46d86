import type { AuditOutcome } from '../../audit/conduct.ts';
import type { AuditConfiguration } from '../../audit/configuration.ts';
import type { Classifier } from '../../classifier/classifier.ts';
import { valuesOf, type FeatureValue } from '../../classifier/feature-value.ts';
import { batchesOf, type BatchOfRuns } from '../../audit/batches.ts';
import type { ModelUnderAudit } from '../../audit/model.ts';
import { relatedIn } from '../../audit/related.ts';
import type { EntanglementFinding, TransferFinding } from '../../audit/relations.ts';
import type { EngineInfo } from '../../engine/engine.ts';
import type { Normalised, SeriesTotals, SimilarityResult } from '../../similarity/result.ts';
import type { Workspace } from '../../store/workspace.ts';
import { counted } from '../../api/figure.ts';
import { wordsOf } from '../../api/medium.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

/** What came of an audit, as `--json` prints it. */
export interface Summary {
  readonly workspace: string;
  readonly audit: number;
  readonly engine: EngineInfo;
  readonly seed: number;
  /** The set of layers, and which natural images count, as they were asked for. */
  readonly layers: AuditConfiguration['layers'];
  readonly filter: AuditConfiguration['natural'];
  readonly finished: number;
  readonly failed: number;
  readonly models: readonly ModelSummary[];
}

interface ModelSummary {
  readonly name: string;
  /** Number of features, where it takes rows of a table. */
  readonly features?: number;
  readonly sha256: string;
  readonly prototypes: readonly PrototypeSummary[];
  /** How many of its prototypes were made at a time, and why. */
  readonly batches: readonly Omit<BatchOfRuns, 'modelId'>[];
  /** Absent where there was nothing to compare with. */
  readonly similarity?: {
    readonly layers: number;
    readonly leftOut: SimilarityResult['leftOut'];
    readonly classes: readonly {
      readonly label: string;
      readonly given: number;
      readonly n: number;
      readonly evidence: string;
    }[];
    readonly totals: readonly SeriesTotals[];
  };
  /** Pairs of classes whose prototypes the model confuses, by profile, the worst first. */
  readonly entanglement: readonly Pick<EntanglementFinding, 'profile' | 'pairs'>[];
  /** What the other models of the audit say of this one's prototypes. */
  readonly transfer: readonly {
    readonly to: string;
    readonly profile: string;
    readonly classes: TransferFinding['classes'];
  }[];
}

interface PrototypeSummary {
  readonly class: number;
  readonly label: string;
  readonly profile: string;
  readonly prototype: number;
  readonly state: string;
  readonly reason?: string;
  /** Name of the PNG among the workspace's files. */
  readonly image?: string;
  readonly logit?: number;
  readonly probability?: number;
  readonly predicted?: string;
  /** Of a table, in its features' units. */
  readonly features?: readonly FeatureValue[];
}

/**
 * Reads from the workspace what came of an audit.
 * @param engine what this session computed on; each prototype says in the workspace what it was made on
 */
export function summarise(
  workspace: Workspace,
  { auditId, configuration, finished, failed, models }: AuditOutcome,
  engine: EngineInfo,
): Summary {
  const { seed, layers, natural } = configuration;
  const { entanglement, transfer } = relatedIn(workspace, auditId);
  return {
    ...{ workspace: workspace.path, audit: auditId, engine, seed, layers, filter: natural },
    ...{ finished, failed },
    models: models.map(({ model, similarity }) => ({
      name: model.classifier.name,
      features: model.classifier.features?.length,
      sha256: model.classifier.files[0].sha256,
      prototypes: prototypesOf(workspace, auditId, model),
      batches: batchesOf(workspace.runs.list(auditId, { modelId: model.id })).map(
        ({ modelId: _model, ...batch }) => batch,
      ),
      ...(similarity && { similarity: similarityOf(similarity) }),
      entanglement: entanglement
        .filter(({ modelId }) => modelId === model.id)
        .map(({ profile, pairs }) => ({ profile, pairs })),
      transfer: transfer
        .filter(({ from }) => from === model.id)
        .map(({ to, profile, classes }) => ({ to: nameOf(workspace, to), profile, classes })),
    })),
  };
}

const nameOf = ({ models }: Workspace, id: number): string => models.get(id)!.name;

function prototypesOf(
  workspace: Workspace,
  auditId: number,
  { id, classifier }: ModelUnderAudit,
): PrototypeSummary[] {
  const tiles = workspace.gallery(auditId).filter(({ modelId }) => modelId === id);
  return tiles.map((tile) => ({
    class: tile.classIndex,
    label: tile.label,
    profile: tile.profile,
    prototype: tile.prototypeIndex,
    state: tile.state,
    reason: tile.reason,
    image: tile.imageHash,
    logit: tile.logit,
    probability: tile.probability,
    predicted: tile.predicted === undefined ? undefined : classifier.labels[tile.predicted],
    features: rowOf(workspace, classifier, tile.runId),
  }));
}

function rowOf(
  workspace: Workspace,
  { features }: Classifier,
  runId: number,
): FeatureValue[] | undefined {
  const raw = features && workspace.runs.raw(runId);
  return raw && valuesOf(features, raw);
}

function similarityOf({
  layers,
  leftOut,
  classes,
  totals,
}: SimilarityResult): ModelSummary['similarity'] {
  const evidence = classes.map(({ label, given, n, evidence: how }) => ({
    label,
    given,
    n,
    evidence: how,
  }));
  return { layers: layers.length, leftOut, classes: evidence, totals };
}

export function summaryText(summary: Summary): string {
  const parts = summary.models.flatMap((model) => [
    printable(model.name),
    prototypeTable(model),
    ...rowTable(model),
    ...similarityText(model),
    '',
  ]);
  const failures = summary.failed > 0 ? `, ${summary.failed} failed` : '';
  return [
    ...parts,
    `Audit ${summary.audit}: ${counted(summary.finished, 'prototype', 'prototypes')}${failures}, kept in ${summary.workspace}`,
  ].join('\n');
}

function prototypeTable({ prototypes }: ModelSummary): string {
  const several = prototypes.some(({ prototype }) => prototype > 0);
  return table(
    [
      'class',
      'profile',
      ...(several ? ['prototype'] : []),
      'logit',
      'probability',
      'the model sees',
    ],
    prototypes.map(({ label, profile, prototype, logit, probability, predicted, reason }) => [
      label,
      profile === 'plain' ? 'control: plain' : profile,
      ...(several ? [prototype] : []),
      logit,
      probability,
      reason ?? predicted,
    ]),
  );
}

/** Rows of a table side by side, where these are few enough to be read. */
function rowTable({ prototypes }: ModelSummary): string[] {
  const made = prototypes.filter(({ features }) => features);
  const [first] = made;
  if (!first?.features || made.length > 6 || first.features.length > 40) return [];
  const shown = ({ category, value, unit = '' }: FeatureValue): string =>
    category ?? `${Number(value.toPrecision(4))} ${unit}`.trim();
  const rows = first.features.map(({ name }, i) => [
    name,
    ...made.map(({ features }) => shown(features![i])),
  ]);
  return ['', table(['feature', ...made.map(({ label }) => label)], rows)];
}

const explanation = (isTable: boolean, many: string): string =>
  `The share of layers rewards ${isTable ? 'the middle of the bounds' : 'low contrast'}: read it beside its controls, ${isTable ? 'the middle and the mean row' : 'grey'} above all.\n` +
  'Normalised: 1 = as similar as the class is to itself, 0 = as a stranger; pooled over positions it tells most.\n' +
  `In brackets: 95 % bootstrap interval over the ${many}. Normalised without pooling has none.`;

function similarityText({ similarity, features }: ModelSummary): string[] {
  if (!similarity) return [];
  const { one, many } = wordsOf({ features });
  const { layers, classes, totals } = similarity;
  const weak = classes
    .filter(({ evidence }) => evidence === 'insufficient')
    .map(({ label, n, given }) => `${label} (${n} of ${given})`);
  const scored = totals.filter(({ scores }) => scores !== null);
  return [
    '',
    `Path similarity over ${counted(layers, 'layer', 'layers')}, ${counted(scored[0]?.classes ?? 0, 'class', 'classes')}, ${counted(scored[0]?.n ?? 0, one, many)}`,
    ...(weak.length > 0
      ? [`Insufficient evidence, fewer than 10 ${many} count: ${weak.join(', ')}`]
      : []),
    ...(scored.length > 0 ? [totalsTable(scored), explanation(features !== undefined, many)] : []),
  ];
}

function totalsTable(totals: readonly SeriesTotals[]): string {
  return table(
    ['', 'Spearman, % of layers', 'L1, % of layers', 'normalised', 'pooled'],
    totals.map(({ series, kind, scores }) => [
      kind === 'prototype' ? series : `control: ${series}`,
      share(scores?.full.spearman),
      share(scores?.full.l1),
      scores?.full.normalised.all ?? undefined,
      pooledScore(scores?.pooled.normalised),
    ]),
  );
}

function pooledScore(found: Normalised | undefined): string | undefined {
  if (!found || found.all === null) return undefined;
  if (!found.interval) return found.all.toFixed(2);
  const [low, high] = found.interval.map((end) => end.toFixed(2));
  // A dash before a minus reads badly.
  const range = found.interval[0] < 0 ? `${low} to ${high}` : `${low}–${high}`;
  return `${found.all.toFixed(2)} (${range})`;
}

function share(
  found: { percent: number; interval: readonly [number, number] } | undefined,
): string {
  if (!found) return '–';
  const [low, high] = found.interval.map((end) => end.toFixed(0));
  return `${found.percent.toFixed(0)} (${low}–${high})`;
}
