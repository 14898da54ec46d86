import type { Model, Score, Tile } from '../../src-main/api/audit.ts';
import { capital, wordsOf } from '../../src-main/api/medium.ts';
import type { Prototype } from '../../src-main/api/prototype.ts';
import type { FeatureValue } from '../../src-main/api/value.ts';
import { isVeiled } from '../gallery/blind.ts';
import { figure, probability, withControl } from '../kit/figure.ts';
import { imageOf, snapshotOf, stepName } from '../loupe/steps.ts';
import { formatSight, type Made, type Natural, type Sight } from '../shell/address.ts';
import { classKey, type Desk } from '../shell/desk.svelte.ts';
import { valueWords } from '../picture/features.ts';
import { flatten } from './facts.ts';

/** One of the pictures that are compared, with what is known of it. */
export interface Exhibit {
  /** A, B, C, D: how the list of differences names it. */
  readonly letter: string;
  readonly sight: Sight;
  readonly model: Model;
  readonly label: string;
  /** Model, profile and step, or the photograph. */
  readonly about: string;
  /** Whether its names and figures are hidden until it is read. */
  readonly hidden: boolean;
  readonly hash: string | undefined;
  readonly logit: number | null | undefined;
  /** The row, where the model takes one; the picture shows its bars then. */
  readonly features?: readonly FeatureValue[];
  /** These are absent for a natural image. */
  readonly tile?: Tile;
  readonly prototype?: Prototype;
  readonly score?: Score;
  /** The highest pooled figure of its controls. */
  readonly control?: number;
}

export const titleOf = ({ label, about }: Exhibit): string =>
  [label, about].filter(Boolean).join(', ');

export const exhibitsOf = (desk: Desk): Exhibit[] =>
  desk.compare.sights
    .map((sight, place) => exhibitOf(desk, sight, 'ABCD'[place]))
    .filter((exhibit) => exhibit !== undefined);

/** Sees to it that all that exhibits show is there; to be called from an effect. */
export function wantExhibits(desk: Desk, sights: readonly Sight[]): void {
  for (const { runId, exemplar } of sights) {
    if (exemplar) desk.exemplars.want(classKey(exemplar));
    else desk.prototypes.want(runId);
  }
}

/** @returns undefined for what is not of this audit */
export const exhibitOf = (desk: Desk, sight: Sight, letter: string): Exhibit | undefined =>
  sight.exemplar ? naturalExhibit(desk, sight, letter) : madeExhibit(desk, sight, letter);

function madeExhibit(desk: Desk, sight: Made, letter: string): Exhibit | undefined {
  const tile = desk.gallery.byRun.get(sight.runId);
  const model = tile && desk.gallery.modelOf(tile);
  if (!tile || !model) return undefined;
  const prototype = desk.prototypes.get(sight.runId)?.value;
  const snapshot = prototype && snapshotOf(prototype, sight);
  const hash = prototype && imageOf(prototype, sight);
  const hidden = isVeiled(tile);
  const step = sight.step === undefined && hidden ? '' : stepName(sight);
  return {
    ...{ letter, sight, tile, model, hidden, label: tile.label },
    about: [model.name, tile.profile, step].filter(Boolean).join(' · '),
    hash: hash ?? (sight.step === undefined ? tile.imageHash : undefined),
    logit: snapshot && !hidden ? snapshot.logit : tile.logit,
    prototype: hidden ? undefined : prototype,
    ...rowOf(sight, prototype),
    ...(sight.step === undefined && {
      score: desk.gallery.scores.of(tile),
      control: desk.gallery.scores.bestControl(tile),
    }),
  };
}

/** The steps of a row have bars alone. */
const rowOf = ({ step }: Made, prototype: Prototype | undefined): Pick<Exhibit, 'features'> =>
  step === undefined ? { features: prototype?.result?.features } : {};

function naturalExhibit(desk: Desk, sight: Natural, letter: string): Exhibit | undefined {
  const { modelId, classIndex, place } = sight.exemplar;
  const model = desk.source.audit?.models.find(({ id }) => id === modelId);
  if (!model) return undefined;
  const found = desk.exemplars.get(classKey(sight.exemplar))?.value;
  const exemplar = found?.find((each) => each.place === place);
  if (desk.blind.hides(formatSight(sight))) {
    const nameless = { ...model, name: '' };
    const label = capital(wordsOf(model).naturalOne);
    return {
      ...{ letter, sight, model: nameless, label, about: '', hidden: true, logit: undefined },
      hash: exemplar?.imageHash,
      features: exemplar?.features,
    };
  }
  return {
    ...{ letter, sight, model, hidden: false, hash: exemplar?.imageHash, logit: exemplar?.logit },
    features: exemplar?.features,
    label: desk.gallery.labelOf(modelId, classIndex),
    about: [wordsOf(model).naturalOne, exemplar?.name, `as ${model.name} sees it`]
      .filter(Boolean)
      .join(' · '),
  };
}

/** What is measured, and what it was made with; everything that pictures can differ in. */
export function measured(exhibit: Exhibit): Map<string, string> {
  const { sight, tile, model, logit, score, control, label, features = [] } = exhibit;
  return new Map([
    ['picture', tile ? 'prototype' : wordsOf(model).naturalOne],
    ['class', label],
    ['model', model.name],
    ['profile', tile?.profile ?? '–'],
    ['step', tile ? stepName(sight) : '–'],
    ['logit', figure(logit, 2)],
    ...features.map((feature) => [`value of ${feature.name}`, valueWords(feature)] as const),
    ...ofFinished(exhibit),
    ['pooled similarity (best control)', withControl(score?.normalisedPooled, control)],
    ['normalised similarity', figure(score?.normalised, 2)],
    ['n that count', score ? `${score.naturalImages}` : '–'],
  ]);
}

/** What is known of a finished prototype alone. */
function ofFinished({ sight, tile, prototype, label }: Exhibit): [string, string][] {
  const whole = sight.step === undefined ? tile : undefined;
  const { losses, features } = (whole && prototype?.result) ?? {};
  return [
    ['probability', probability(whole?.probability)],
    ['seen as', whole ? (whole.seenAs ?? label) : '–'],
    ['stability over seeds', figure(whole?.stability, 2)],
    ['high-frequency loss', features ? '–' : figure(losses?.highFrequency, 3)],
  ];
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
