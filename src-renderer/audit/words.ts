import type { Range } from '../../src-main/api/estimate.ts';

const UNITS = [
  { name: 'second', seconds: 1 },
  { name: 'minute', seconds: 60 },
  { name: 'hour', seconds: 3600 },
  { name: 'day', seconds: 86_400 },
] as const;

/** Two digits: nobody knows it better. */
const rough = (value: number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
};

const shown = (value: number): string =>
  (value < 5 ? Math.max(0.5, Math.round(2 * value) / 2) : rough(value)).toLocaleString('en');

/** `about 12–18 minutes`, `less than 10 seconds`. */
export function duration({ least, most }: Range): string {
  if (most < 10) return 'less than 10 seconds';
  const unit = UNITS.findLast(({ seconds }) => most >= 2.5 * seconds) ?? UNITS[0];
  const [from, to] = [shown(least / unit.seconds), shown(most / unit.seconds)];
  return `about ${span(from, to)} ${to === '1' ? unit.name : `${unit.name}s`}`;
}

const span = (from: string, to: string): string => (from === to ? to : `${from}–${to}`);

const SIZES = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `310–420 MB`. */
export function bytes({ least, most }: Range): string {
  const power = Math.min(
    SIZES.length - 1,
    Math.floor(Math.log(Math.max(1, most)) / Math.log(1000)),
  );
  const scale = 1000 ** power;
  const [from, to] = [least, most].map((value) => figure(value / scale));
  return `${span(from, to)} ${SIZES[power]}`;
}

const figure = (value: number): string =>
  (value < 10 ? Math.round(10 * value) / 10 : rough(value)).toLocaleString('en');

export const count = (value: number): string => value.toLocaleString('en');

/** `1 photograph`, `24 photographs`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
