/** JSON has neither NaN nor infinity: such a figure is undefined. */
export const figure = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
