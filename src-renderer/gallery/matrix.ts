import type { Audit, Model, Score, Tile } from '../../src-main/api/audit.ts';

/** One column: what a model's prototypes look like under a profile. */
export interface Column {
  readonly model: Model;
  readonly profile: string;
}

export interface Cell {
  readonly tiles: readonly Tile[];
  /** The first prototype's figures, then its controls'. */
  readonly scores: readonly Score[];
}

export interface Row {
  readonly classIndex: number;
  readonly label: string;
  /** One a column, in their order. */
  readonly cells: readonly Cell[];
}

const isOf = ({ model, profile }: Column, tile: Tile): boolean =>
  tile.modelId === model.id && tile.profile === profile;

/** The columns that an audit has tiles for, model by model. */
export function columnsOf({ models, tiles }: Audit): Column[] {
  const profiles = [...new Set(tiles.map((tile) => tile.profile))];
  return models
    .flatMap((model) => profiles.map((profile) => ({ model, profile })))
    .filter((column) => tiles.some((tile) => isOf(column, tile)));
}

/** Whether a score belongs beside a profile's prototypes: its own, or a control's. */
export function belongsTo(
  profile: string,
  { series, kind }: { series: string; kind: string },
): boolean {
  return kind === 'prototype' ? series === profile : kind !== 'plain' || profile !== 'plain';
}

/** Classes by model and profile. */
export function rowsOf(audit: Audit, columns: readonly Column[]): Row[] {
  const byClass = Map.groupBy(audit.tiles, (tile) => tile.classIndex);
  const scores = Map.groupBy(audit.scores, ({ modelId, classIndex }) => `${modelId} ${classIndex}`);
  return [...byClass].map(([classIndex, tiles]) => ({
    classIndex,
    label: tiles[0].label,
    cells: columns.map((column) => ({
      tiles: tiles.filter((tile) => isOf(column, tile)),
      scores: (scores.get(`${column.model.id} ${classIndex}`) ?? []).filter(
        (score) => score.ordinal === 0 && belongsTo(column.profile, score),
      ),
    })),
  }));
}

const names: Readonly<Record<string, string>> = {
  grey: 'grey image',
  noise: 'uniform noise',
  plain: 'plain maximisation',
  'other-class': 'another class’s prototype',
};

/** What a row of figures is about, for a person. */
export const subjectName = ({ kind, series }: { kind: string; series: string }): string =>
  kind === 'prototype' ? `prototype (${series})` : (names[kind] ?? series);

/** A figure with a number of digits, or a dash where there is none. */
export const figure = (value: number | undefined, digits: number, unit = ''): string =>
  value === undefined ? '–' : `${value.toFixed(digits)}${unit}`;

export const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
