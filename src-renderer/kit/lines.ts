/** One line of a chart. */
export interface Line {
  readonly name: string;
  /** One a label; nothing where there is no figure. */
  readonly values: readonly (number | null)[];
  readonly look: Look;
  /** Drawn as an area between the two. */
  readonly band?: {
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  };
}

/** Lines differ in colour, dash and mark, so that no one needs the colour. */
export interface Look {
  /** Name of a custom property, such as `--series-1`. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly mark: 'circle' | 'triangle' | 'rect' | 'rectRot' | 'cross' | 'star' | false;
  readonly width: number;
}

const look = (
  colour: string,
  mark: Look['mark'],
  dash: readonly number[] = [],
  width = 1.5,
): Look => ({ colour, mark, dash, width });

export const naturalLook = look('--ink', false, [], 2);
const prototypes: Readonly<Record<string, Look>> = {
  paper: look('--series-1', 'circle', [], 2.5),
  fourier: look('--series-2', 'rectRot', [], 2.5),
};
const controls: Readonly<Record<string, Look>> = {
  grey: look('--series-6', 'cross', [2, 3]),
  noise: look('--series-3', 'star', [1, 2]),
  plain: look('--series-5', 'triangle', [6, 3]),
};
/** A table has two controls of a kind. */
const rows: Readonly<Record<string, Look>> = {
  'mean row': look('--series-6', 'rectRot', [4, 2]),
  'permuted rows': look('--series-3', 'circle', [3, 3]),
};
const other = look('--series-4', 'rect', [8, 3, 2, 3]);
/** Another class's prototype has its profile's mark, and a dash of its own. */
const others: Readonly<Record<string, Look>> = {
  paper: { ...other, mark: 'circle' },
  fourier: { ...other, mark: 'rectRot', dash: [3, 3] },
};

/** How a series is drawn wherever it appears. */
export function lookOf({ kind, series }: { kind: string; series: string }): Look {
  if (kind === 'prototype') return prototypes[series] ?? look('--series-4', 'rect', [], 2.5);
  if (kind === 'other-class') return others[series.split(',')[0]] ?? other;
  return rows[series] ?? controls[kind] ?? look('--series-6', false, [4, 4]);
}
