import type { Tile } from '../../src-main/api/audit.ts';
import type { Mark } from '../../src-main/api/review.ts';
import type { ScoreIndex } from './matrix.ts';

/** Figures of a tile that one can sort and filter by. */
export const figures = [
  'logit',
  'probability',
  'pooled',
  'normalised',
  'spearman',
  'l1',
  'stability',
  'severity',
] as const;
export type FigureName = (typeof figures)[number];

export const figureNames: Readonly<Record<FigureName, string>> = {
  logit: 'logit',
  probability: 'probability',
  pooled: 'pooled similarity',
  normalised: 'normalised similarity',
  spearman: 'Spearman, % of layers',
  l1: 'L1, % of layers',
  stability: 'stability over seeds',
  severity: 'severity',
};

export interface Known {
  readonly scores: ScoreIndex;
  readonly marks: Readonly<Record<string, Mark>>;
}

/** @returns undefined where a tile has no such figure */
export function figureOf(
  tile: Tile,
  name: FigureName,
  { scores, marks }: Known,
): number | undefined {
  if (name === 'logit' || name === 'probability' || name === 'stability') return tile[name];
  if (name === 'severity') return marks[tile.runId]?.severity ?? undefined;
  const score = scores.of(tile);
  const found = {
    pooled: score?.normalisedPooled,
    normalised: score?.normalised,
    spearman: score?.spearmanPercent,
    l1: score?.l1Percent,
  };
  return found[name];
}

/** A figure's least and most value; open where one is absent. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
}
export type Ranges = Readonly<Partial<Record<FigureName, Range>>>;

const numberOf = (text: string): number | undefined =>
  text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);

/** Reads `0.5..` or `..10` or `0.5..10`. @returns undefined for what bounds nothing */
export function rangeOf(text: string | undefined): Range | undefined {
  const [least, most, more] = (text ?? '').split('..').map(numberOf);
  if (more !== undefined || (least === undefined && most === undefined)) return undefined;
  return { least, most };
}

export const formatRange = ({ least, most }: Range): string | undefined =>
  least === undefined && most === undefined ? undefined : `${least ?? ''}..${most ?? ''}`;

/** Reads the ranges of an address. */
export const rangesOf = (options: Readonly<Record<string, string>>): Ranges =>
  Object.fromEntries(
    figures.flatMap((name) => {
      const range = rangeOf(options[name]);
      return range ? [[name, range]] : [];
    }),
  );

/** Whether all figures that have a range lie in it; a figure that is not there lies in none. */
export const liesIn = (ranges: Ranges, tile: Tile, known: Known): boolean =>
  Object.entries(ranges).every(([name, { least, most }]) => {
    const value = figureOf(tile, name as FigureName, known);
    return (
      value !== undefined &&
      (least === undefined || value >= least) &&
      (most === undefined || value <= most)
    );
  });
