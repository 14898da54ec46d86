import type { Layer } from '../classifier/layers.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import { penultimate } from '../classifier/penultimate.ts';
import type { Engine } from '../engine/engine.ts';
import { look } from '../photograph/view.ts';
import { toBytes } from '../prototype/events.ts';
import { entanglement, type PrototypeOutput } from '../similarity/entanglement.ts';
import { TappedClassifier } from '../similarity/tap.ts';
import { sameClass, transfer, type Transfer } from '../similarity/transfer.ts';
import type { Workspace } from '../store/workspace.ts';
import type { ModelUnderAudit } from './model.ts';

/** How the prototypes of one model and profile look to that model, class by class. */
export interface EntanglementFinding {
  readonly modelId: number;
  readonly profile: string;
  readonly classes: readonly number[];
  /** Row: prototype of a class; column: probability of a class, in the order of `classes`. */
  readonly probabilities: readonly (readonly number[])[];
  /** Cosines of the penultimate features, symmetric. */
  readonly cosines: readonly (readonly number[])[];
  /** Worst pairs first. */
  readonly pairs: readonly { a: number; b: number; cosine: number; probability: number }[];
}

/** What another model says of a model's prototypes. */
export interface TransferFinding {
  readonly from: number;
  readonly to: number;
  readonly profile: string;
  /** One per class that both models know. */
  readonly classes: readonly Transfer[];
}

interface Exhibit {
  readonly owner: ModelUnderAudit;
  readonly profile: string;
  readonly classIndex: number;
  /** Planar [channels, height, width] in [0, 1]; read when it is shown, for those of all classes are large. */
  readonly pixels: () => Float32Array;
}

interface RelationContext {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly auditId: number;
  readonly signal?: AbortSignal;
}

/** Shows an image to a network, unless the work is to stop. */
type Run = TappedClassifier['run'];

const MOST_PAIRS = 100;

/** Shows the first prototype of every class and profile to all models of the audit, and keeps what they say. */
export async function relate(
  models: readonly ModelUnderAudit[],
  { workspace, engine, auditId, signal }: RelationContext,
): Promise<void> {
  const exhibits = models.flatMap((model) => exhibitsOf(workspace, auditId, model));
  const entanglements: EntanglementFinding[] = [];
  const transfers: TransferFinding[] = [];
  for (const model of models) {
    const network = await openReadout(engine, model);
    try {
      const run: Run = async (pixels) => {
        signal?.throwIfAborted();
        return network.run(pixels);
      };
      for (const series of grouped(exhibits)) {
        const [{ owner, profile }] = series;
        if (owner === model) entanglements.push(await entangle(run, model, profile, series));
        else transfers.push(...(await carryOver(run, model, owner, profile, series)));
      }
    } finally {
      await network.release();
    }
  }
  // Whoever stopped it may have removed the audit.
  signal?.throwIfAborted();
  workspace.scores.saveFinding(auditId, 'entanglement', entanglements);
  workspace.scores.saveFinding(auditId, 'transfer', transfers);
}

function exhibitsOf(workspace: Workspace, auditId: number, owner: ModelUnderAudit): Exhibit[] {
  return workspace.runs
    .list(auditId, { modelId: owner.id, state: 'finished' })
    .filter(({ prototypeIndex, profile }) => prototypeIndex === 0 && profile !== 'plain')
    .map(({ id, profile, classIndex }) => ({
      owner,
      profile,
      classIndex,
      pixels: () => workspace.runs.raw(id)!,
    }));
}

function grouped(exhibits: readonly Exhibit[]): Exhibit[][] {
  const series = Map.groupBy(exhibits, ({ owner, profile }) => `${owner.id} ${profile}`);
  return [...series.values()];
}

/** A model with its penultimate features tapped; with its logits where it has none. */
async function openReadout(
  engine: Engine,
  { classifier }: ModelUnderAudit,
): Promise<TappedClassifier> {
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  const logits: Layer = { name: 'logits', value: classifier.logits, depth: 0 };
  const features = penultimate(specialiseClassifier(classifier, batch));
  return TappedClassifier.open(engine, classifier, [features ?? logits]);
}

async function entangle(
  run: Run,
  model: ModelUnderAudit,
  profile: string,
  series: readonly Exhibit[],
): Promise<EntanglementFinding> {
  const outputs: PrototypeOutput[] = [];
  for (const { classIndex, pixels } of series) {
    const { logits, values } = await run(pixels());
    outputs.push({ classIndex, logits, features: values[0] });
  }
  const { classes, probabilities, cosines, pairs } = entanglement(outputs);
  return {
    modelId: model.id,
    profile,
    classes,
    probabilities: probabilities.map((row) => classes.map((index) => row[index])),
    cosines,
    pairs: pairs
      .slice(0, MOST_PAIRS)
      .map(({ a, b, cosine, probability }) => ({ a, b, cosine, probability })),
  };
}

async function carryOver(
  run: Run,
  model: ModelUnderAudit,
  owner: ModelUnderAudit,
  profile: string,
  series: readonly Exhibit[],
): Promise<TransferFinding[]> {
  if (!takesTheSame(owner, model)) return [];
  const classes: Transfer[] = [];
  for (const { classIndex, pixels } of series) {
    const target = sameClass(owner.classifier.labels[classIndex], model.classifier.labels);
    if (target === undefined) continue;
    const { logits } = await run(fitted(pixels(), owner, model));
    classes.push(transfer(logits, target));
  }
  return classes.length === 0 ? [] : [{ from: owner.id, to: model.id, profile, classes }];
}

/** Images of as many channels, or rows of the very same features. */
function takesTheSame({ classifier: one }: ModelUnderAudit, { classifier: two }: ModelUnderAudit) {
  const features = [one, two].map((each) => JSON.stringify(each.features));
  return features[0] === features[1] && one.input.channels === two.input.channels;
}

/** A prototype in the size of another model, resized whole. */
function fitted(
  pixels: Float32Array,
  owner: ModelUnderAudit,
  model: ModelUnderAudit,
): Float32Array {
  const own = owner.classifier.input;
  const other = model.classifier.input;
  const { height, width } = other;
  if (own.height === height && own.width === width) return pixels;
  if (own.layout === 'table' || other.layout === 'table') return pixels;
  const raster = { ...own, data: toBytes(pixels, own.channels) };
  return look(raster, { channels: other.channels, height, width, resize: Math.min(height, width) });
}
