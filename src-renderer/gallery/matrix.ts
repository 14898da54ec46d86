import { wordsOf } from '../../src-main/api/medium.ts';
import type { Audit, Model, Score, Tile } from '../../src-main/api/audit.ts';

/** One column: a model's prototypes under a profile, of one index among those of a class. */
export interface Column {
  readonly key: string;
  readonly model: Model;
  readonly profile: string;
  readonly index: number;
  /** Natural images of the model's classes in place of prototypes. */
  readonly natural?: boolean;
}

/** Neighbouring columns of the same model and profile, which share a heading. */
export interface Heading {
  readonly model: Model;
  readonly profile: string;
  readonly columns: number;
}

export interface Row {
  readonly classIndex: number;
  readonly label: string;
  /** One a column, in their order. */
  readonly tiles: readonly (Tile | undefined)[];
}

const columnKey = (modelId: number, profile: string, index: number): string =>
  `${modelId} ${profile} ${index}`;

const keyOf = (tile: Tile): string => columnKey(tile.modelId, tile.profile, tile.prototypeIndex);

/** What is recognisable, what keeps to the natural path, what is neither: in this order. */
const rank = (profile: string): number => {
  const place = ['fourier', 'paper', 'plain'].indexOf(profile);
  return place < 0 ? 2.5 : place === 2 ? 3 : place;
};

/** The columns that there are tiles for, model by model. */
export function columnsOf(
  models: readonly Model[],
  tiles: readonly Tile[],
  natural = false,
): Column[] {
  const places = new Map(models.map((model, place) => [model.id, { model, place }]));
  const kinds = new Map(tiles.map((tile) => [keyOf(tile), tile]));
  const columns = [...kinds]
    .flatMap(([key, { modelId, profile, prototypeIndex }]) => {
      const found = places.get(modelId);
      return found ? [{ key, profile, index: prototypeIndex, ...found }] : [];
    })
    .sort(
      (a, b) =>
        a.place - b.place ||
        rank(a.profile) - rank(b.profile) ||
        a.profile.localeCompare(b.profile) ||
        a.index - b.index,
    )
    .map(({ key, model, profile, index }) => ({ key, model, profile, index }));
  return natural ? withNatural(columns) : columns;
}

/** Each model's natural images stand before its prototypes: people expect of a unit what its exemplars show. */
function withNatural(columns: readonly Column[]): Column[] {
  return [...Map.groupBy(columns, ({ model }) => model)].flatMap(([model, own]) => [
    { key: `natural ${model.id}`, model, profile: wordsOf(model).natural, index: 0, natural: true },
    ...own,
  ]);
}

export function headingsOf(columns: readonly Column[]): Heading[] {
  const groups = Map.groupBy(columns, ({ model, profile }) => `${model.id} ${profile}`);
  return [...groups.values()].map((group) => ({
    model: group[0].model,
    profile: group[0].profile,
    columns: group.length,
  }));
}

/** Classes by column, in the order of their indices. */
export function rowsOf(tiles: readonly Tile[], columns: readonly Column[]): Row[] {
  const places = new Map(columns.map(({ key }, place) => [key, place]));
  const rows = new Map<number, { label: string; tiles: (Tile | undefined)[] }>();
  for (const tile of tiles) {
    const place = places.get(keyOf(tile));
    if (place === undefined) continue;
    let row = rows.get(tile.classIndex);
    if (!row) {
      row = { label: tile.label, tiles: columns.map(() => undefined) };
      rows.set(tile.classIndex, row);
    }
    row.tiles[place] = tile;
  }
  return [...rows]
    .map(([classIndex, row]) => ({ classIndex, ...row }))
    .sort((a, b) => a.classIndex - b.classIndex);
}

const scoreKey = (modelId: number, classIndex: number, series: string, ordinal: number): string =>
  `${modelId} ${classIndex} ${ordinal} ${series}`;

/** Scores by what they are about. */
export class ScoreIndex {
  readonly #own = new Map<string, Score>();
  readonly #ofClass: Map<string, Score[]>;

  constructor(scores: Audit['scores']) {
    for (const score of scores) {
      this.#own.set(scoreKey(score.modelId, score.classIndex, score.series, score.ordinal), score);
    }
    this.#ofClass = Map.groupBy(scores, ({ modelId, classIndex }) => `${modelId} ${classIndex}`);
  }

  of({ modelId, classIndex, profile, prototypeIndex }: Tile): Score | undefined {
    return this.#own.get(scoreKey(modelId, classIndex, profile, prototypeIndex));
  }

  /** The prototype's figures and, always beside them, its class's controls. */
  withControls(tile: Tile): Score[] {
    const own = this.of(tile);
    const all = this.#ofClass.get(`${tile.modelId} ${tile.classIndex}`) ?? [];
    const controls = all.filter(
      (score) => score.kind !== 'prototype' && score.ordinal === 0 && score !== own,
    );
    return own ? [own, ...controls] : controls;
  }

  /** The highest pooled figure of a prototype's controls: its own counts as far as it stands above. */
  bestControl(tile: Tile): number | undefined {
    const own = this.of(tile);
    if (own?.kind !== 'prototype') return undefined;
    const figures = this.withControls(tile).flatMap((score) =>
      score === own ? [] : (score.normalisedPooled ?? []),
    );
    return figures.length > 0 ? Math.max(...figures) : undefined;
  }
}
