import {
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
} from 'chart.js';
import type { Line } from './lines.ts';

Chart.register(
  ...[CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip],
);

export interface Drawing {
  readonly labels: readonly string[];
  /** Where each label stands, in rising order, when they are not evenly spaced. */
  readonly places?: readonly number[];
  readonly lines: readonly Line[];
  readonly across: string;
  readonly up: string;
  /** Place of the label that is looked at. */
  readonly at?: number;
}

/** What a custom property stands for in the theme that is shown. */
function resolver(element: HTMLElement): (name: string) => string {
  return (name) => {
    element.style.color = `var(${name})`;
    return getComputedStyle(element).color;
  };
}

type Values = (number | null)[] | { x: number; y: number | null }[];

const mutable = <T>(values: readonly T[]): T[] => [...values];

function datasetsOf(
  line: Line,
  { at, places }: Drawing,
  colour: (name: string) => string,
): ChartDataset<'line', Values>[] {
  const { colour: name, dash, mark, width } = line.look;
  const placed = (values: readonly (number | null)[]): Values =>
    places ? values.map((y, place) => ({ x: places[place], y })) : mutable(values);
  const own: ChartDataset<'line', Values> = {
    ...{ label: line.name, data: placed(line.values), spanGaps: false, borderWidth: width },
    ...{ borderColor: colour(name), backgroundColor: colour(name), borderDash: mutable(dash) },
    ...{ pointStyle: mark, pointHoverRadius: 5, tension: 0 },
    pointRadius: line.values.map((_, place) =>
      place === at ? 6 : line.values.length > 40 ? 0 : 2.5,
    ),
  };
  if (!line.band) return [own];
  const edge = { borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0 };
  const { low, high } = line.band;
  return [
    { ...edge, label: '', data: placed(low) },
    { ...edge, label: '', data: placed(high), fill: '-1', backgroundColor: colour('--band') },
    own,
  ];
}

function configuration(
  drawing: Drawing,
  colour: (name: string) => string,
): ChartConfiguration<'line', Values> {
  const { labels, places, lines, across, up } = drawing;
  const scale = (text: string) => ({
    title: { display: text !== '', text, color: colour('--ink-soft') },
    ticks: { color: colour('--ink-soft'), maxRotation: 0, autoSkipPadding: 12 },
    grid: { color: colour('--line') },
    border: { display: false },
  });
  return {
    type: 'line',
    data: {
      labels: mutable(labels),
      datasets: lines.flatMap((line) => datasetsOf(line, drawing, colour)),
    },
    options: {
      ...{ animation: false, responsive: true, maintainAspectRatio: false },
      interaction: { mode: 'index', intersect: false },
      font: { family: 'Inter, system-ui, sans-serif', size: 11 },
      plugins: {
        tooltip: {
          filter: (item) => item.dataset.label !== '',
          itemSort: (a, b) => (b.parsed.y ?? 0) - (a.parsed.y ?? 0),
        },
      },
      scales: {
        x: places
          ? {
              ...scale(across),
              ...{ type: 'linear', min: places[0], max: places.at(-1) },
              ticks: { ...scale(across).ticks, precision: 0 },
            }
          : scale(across),
        y: scale(up),
      },
    },
  };
}

/** Draws lines on a canvas, one drawing after the other: what is under way draws itself anew every second. */
export class Plot {
  readonly #canvas: HTMLCanvasElement;
  #chart: Chart<'line', Values> | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    Chart.defaults.font.family = 'Inter, system-ui, sans-serif';
    Chart.defaults.font.size = 11;
  }

  show(drawing: Drawing): void {
    const next = configuration(drawing, resolver(this.#canvas));
    if (this.#chart) {
      Object.assign(this.#chart, { data: next.data, options: next.options });
      this.#chart.update('none');
    } else {
      this.#chart = new Chart(this.#canvas, next);
    }
  }

  remove(): void {
    this.#chart?.destroy();
  }
}
