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

const mutable = <T>(values: readonly T[]): T[] => [...values];

function datasetsOf(line: Line, at: number | undefined, colour: (name: string) => string) {
  const { colour: name, dash, mark, width } = line.look;
  const own: ChartDataset<'line'> = {
    ...{ label: line.name, data: mutable(line.values), spanGaps: false, borderWidth: width },
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
    { ...edge, label: '', data: mutable(low) },
    { ...edge, label: '', data: mutable(high), fill: '-1', backgroundColor: colour('--band') },
    own,
  ];
}

function configuration(
  drawing: Drawing,
  colour: (name: string) => string,
): ChartConfiguration<'line'> {
  const { labels, lines, across, up, at } = drawing;
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
      datasets: lines.flatMap((line) => datasetsOf(line, at, colour)),
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
      scales: { x: scale(across), y: scale(up) },
    },
  };
}

/** Draws lines on a canvas. @returns takes the drawing away */
export function draw(canvas: HTMLCanvasElement, drawing: Drawing): () => void {
  Chart.defaults.font.family = 'Inter, system-ui, sans-serif';
  Chart.defaults.font.size = 11;
  const chart = new Chart(canvas, configuration(drawing, resolver(canvas)));
  return () => chart.destroy();
}
