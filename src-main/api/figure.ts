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

export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
