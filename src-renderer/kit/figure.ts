/** Figures in the studio are written as in its reports. */
export * from '../../src-main/api/figure.ts';
