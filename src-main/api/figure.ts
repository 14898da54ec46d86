/** A figure with a number of digits, or a dash where there is none; with a real minus sign. */
export const figure = (value: number | null | undefined, digits: number, unit = ''): string => {
  if (value === undefined || value === null) return '–';
  const text = value.toFixed(digits);
  return `${Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')}${unit}`;
};

/** A probability, where those next to 0 and 1 are not rounded onto them. */
export function probability(value: number | null | undefined): string {
  if (value === undefined || value === null) return '–';
  if (value > 0.999 && value < 1) return '> 99.9 %';
  if (value > 0 && value < 0.001) return '< 0.1 %';
  return figure(value * 100, value === 1 || value === 0 ? 0 : 1, ' %');
}

/** `1 photograph`, `2,400 photographs`. */
export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `46.8 MB`, in powers of 1000. */
export function bytes(count: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const value = count / 1000 ** power;
  return `${value.toLocaleString('en', { maximumFractionDigits: power ? 1 : 0 })} ${UNITS[power]}`;
}
