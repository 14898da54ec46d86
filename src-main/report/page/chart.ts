import { figure } from '../../api/figure.ts';
import { html, type Content, type Markup } from './markup.ts';

/** A line over the layers. Where it is undefined, it has a gap. */
export interface Line {
  readonly name: string;
  /** Which of the strokes: told apart by colour, by dashes, and by the mark at its end. */
  readonly stroke: number;
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Between which values most photographs or rows lie, and what these are called. */
  readonly among?: string;
  readonly band?: readonly (readonly [number | null, number | null])[];
  /** Levels that mean something, with their meaning. */
  readonly levels: readonly (readonly [level: number, meaning: string])[];
  /** Beyond these, lines are drawn at the edge. */
  readonly limits: readonly [number, number];
}

/** In units of the drawing. */
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [340, 180, 30, 22, 8, 62];

/** A small drawing of lines over layers, in the order of computation. A table beside it says the same in figures. */
export function chart({ title, lines, among, band, levels, limits }: Chart): Markup {
  const [low, high] = rangeOf(lines, levels, limits);
  const count = Math.max(...lines.map(({ values }) => values.length), 1);
  const x = (place: number): number =>
    round(LEFT + ((place + 0.5) / count) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number => {
    const share = (Math.min(Math.max(value, low), high) - low) / (high - low);
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP));
  };
  const scale = { x, y };
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
      ${gridOf(low, high, count, scale)} ${band && bandOf(band, scale)}
      ${levels.map(([level, meaning]) => levelOf(level, meaning, scale))}
      ${lines.map((line) => lineOf(line, scale))}
    </svg>
    <figcaption>
      <strong>${title}</strong>
      <ul class="legend">
        ${lines.map(legendOf)}
        ${band && html`<li><i class="swatch-band"></i>${among}, 5 % to 95 %</li>`}
      </ul>
    </figcaption>
  </figure>`;
}

interface Scale {
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function rangeOf(
  lines: readonly Line[],
  levels: Chart['levels'],
  [least, most]: Chart['limits'],
): [number, number] {
  const values = [
    ...lines.flatMap((line) => line.values.filter((value) => value !== null)),
    ...levels.map(([level]) => level),
  ];
  const low = Math.max(least, Math.min(...values));
  const high = Math.min(most, Math.max(...values));
  const margin = (high - low || 1) * 0.06;
  return [low - margin, high + margin];
}

function gridOf(low: number, high: number, count: number, { x, y }: Scale): Content {
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5].find((each) => (high - low) / each <= 5) ?? 10;
  const first = Math.ceil(low / step);
  const ticks = Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, i) => (first + i) * step,
  );
  const digits = step < 0.2 || step === 0.25 ? 2 : step < 1 ? 1 : 0;
  const base = HEIGHT - BOTTOM + 12;
  return [
    ...ticks.map(
      (tick) =>
        html`<line
            class="grid"
            x1="${LEFT}"
            x2="${WIDTH - RIGHT}"
            y1="${y(tick)}"
            y2="${y(tick)}"
          />
          <text class="tick" x="${LEFT - 4}" y="${y(tick) + 3}" text-anchor="end">
            ${figure(tick, digits)}
          </text>`,
    ),
    html`<text class="tick" x="${x(0)}" y="${base}" text-anchor="start">first layer</text>
      <text class="tick" x="${x(count - 1)}" y="${base}" text-anchor="end">last layer</text>`,
  ];
}

const levelOf = (level: number, meaning: string, { y }: Scale): Markup =>
  html`<line class="level" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(level)}" y2="${y(level)}" />
    <text class="tick" x="${WIDTH - RIGHT + 5}" y="${y(level) + 3}" text-anchor="start"
      >${meaning}</text
    >`;

function bandOf(band: NonNullable<Chart['band']>, { x, y }: Scale): Markup {
  const defined = band.flatMap(([low, high], place) =>
    low === null || high === null ? [] : [{ place, low, high }],
  );
  const upper = defined.map(({ place, high }) => `${x(place)},${y(high)}`);
  const lower = defined.map(({ place, low }) => `${x(place)},${y(low)}`).reverse();
  return html`<polygon class="band" points="${[...upper, ...lower].join(' ')}" />`;
}

function lineOf({ values, stroke }: Line, { x, y }: Scale): Markup {
  const points = values.flatMap((value, place) => (value === null ? [] : [{ place, value }]));
  const path = points.map(({ place, value }, i) => {
    const joined = i > 0 && points[i - 1].place === place - 1;
    return `${joined ? 'L' : 'M'}${x(place)} ${y(value)}`;
  });
  const last = points.at(-1);
  return html`<path class="stroke-${stroke}" d="${path.join('')}" />${
      last && markOf(stroke, x(last.place), y(last.value))
    }`;
}

/** Dots, squares, triangles and rhombs at the ends of lines. */
function markOf(stroke: number, x: number, y: number): Markup {
  const corners = [
    [],
    [-3, -3, 3, -3, 3, 3, -3, 3],
    [-3.5, 3, 0, -3.5, 3.5, 3],
    [-3.5, 0, 0, -3.5, 3.5, 0, 0, 3.5],
  ][stroke % 4];
  if (corners.length === 0)
    return html`<circle class="mark-${stroke}" cx="${x}" cy="${y}" r="3" />`;
  const points = corners.map((offset, i) => round(offset + (i % 2 === 0 ? x : y)));
  return html`<polygon class="mark-${stroke}" points="${points.join(' ')}" />`;
}

const legendOf = ({ name, stroke }: Line): Markup =>
  html`<li>
    <svg class="swatch" viewBox="0 0 28 10" aria-hidden="true">
      <path class="stroke-${stroke}" d="M1 5H24" />
      ${markOf(stroke, 23, 5)}
    </svg>
    ${name}
  </li>`;
