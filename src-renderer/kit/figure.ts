/** Figures in the studio are written as in its reports. */
import { figure } from '../../src-main/api/figure.ts';

export * from '../../src-main/api/figure.ts';

/** A pooled figure, and in brackets the best of its controls: none is read without the other. */
export const withControl = (pooled: number | undefined, control: number | undefined): string =>
  control === undefined ? figure(pooled, 2) : `${figure(pooled, 2)} (${figure(control, 2)})`;
