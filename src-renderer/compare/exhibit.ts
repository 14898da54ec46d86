import type { Model, Score, Tile } from '../../src-main/api/audit.ts';
import type { Prototype } from '../../src-main/api/prototype.ts';
import { figure, probability } from '../kit/figure.ts';
import { imageOf, snapshotOf, stepName } from '../loupe/steps.ts';
import type { Sight } from '../shell/address.ts';
import type { Desk } from '../shell/desk.svelte.ts';
import { flatten } from './facts.ts';

/** One of the pictures that are compared, with what is known of it. */
export interface Exhibit {
  /** A, B, C, D: how the list of differences names it. */
  readonly letter: string;
  readonly sight: Sight;
  readonly tile: Tile;
  readonly model: Model;
  readonly prototype: Prototype | undefined;
  readonly hash: string | undefined;
  readonly logit: number | null | undefined;
  readonly score: Score | undefined;
}

export function exhibitsOf(desk: Desk): Exhibit[] {
  const models = desk.source.audit?.models ?? [];
  return desk.compare.sights.flatMap((sight, place) => {
    if (sight.runId === undefined) return [];
    const tile = desk.gallery.byRun.get(sight.runId);
    const model = models.find(({ id }) => id === tile?.modelId);
    if (!tile || !model) return [];
    const prototype = desk.prototypes.get(sight.runId)?.value;
    const snapshot = prototype && snapshotOf(prototype, sight);
    const hash = prototype && imageOf(prototype, sight);
    return [
      {
        ...{ letter: 'ABCD'[place], sight, tile, model, prototype },
        hash: hash ?? (sight.step === undefined ? tile.imageHash : undefined),
        logit: snapshot ? snapshot.logit : tile.logit,
        score: sight.step === undefined ? desk.gallery.scores.of(tile) : undefined,
      },
    ];
  });
}

/** What is measured, and what it was made with; everything that pictures can differ in. */
export function measured({
  sight,
  tile,
  model,
  logit,
  score,
  prototype,
}: Exhibit): Map<string, string> {
  const result = sight.step === undefined ? prototype?.result : undefined;
  return new Map([
    ['class', tile.label],
    ['model', model.name],
    ['profile', tile.profile],
    ['step', stepName(sight)],
    ['logit', figure(logit, 2)],
    ['probability', sight.step === undefined ? probability(tile.probability) : '–'],
    ['seen as', sight.step === undefined ? (tile.seenAs ?? tile.label) : '–'],
    ['pooled similarity', figure(score?.normalisedPooled, 2)],
    ['normalised similarity', figure(score?.normalised, 2)],
    ['high-frequency loss', figure(result?.losses.highFrequency, 3)],
    ['natural images', score ? `${score.naturalImages}` : '–'],
  ]);
}

export function configured({ prototype }: Exhibit): Map<string, string> {
  if (!prototype) return new Map();
  const { configuration, seed, modelSha256, engine } = prototype;
  return new Map([
    ...flatten(configuration),
    ['seed', `${seed}`],
    ['model’s SHA-256', modelSha256.slice(0, 8)],
    ['engine', engine ? `${engine.id} ${engine.version}, ${engine.provider}` : '–'],
  ]);
}
