import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';

/** x minus its mean, divided by its standard deviation, over some axes. */
export interface Standardised {
  readonly axes: readonly number[];
  /** (x − mean) · inverse, shaped as x. */
  readonly value: string;
  /** 1 / √(variance + ε), with the axes kept as 1. */
  readonly inverse: string;
}

function mean(build: Builder, value: string, axes: readonly number[]): string {
  return build.add('ReduceMean', [value, build.shape(axes)], { keepdims: attr.int(1) });
}

export function standardise(
  build: Builder,
  x: string,
  axes: readonly number[],
  epsilon: number,
): Standardised {
  const centred = build.add('Sub', [x, mean(build, x, axes)]);
  const variance = mean(build, build.add('Mul', [centred, centred]), axes);
  const deviation = build.add('Sqrt', [build.add('Add', [variance, build.scalar(epsilon)])]);
  const inverse = build.add('Reciprocal', [deviation]);
  return { axes, value: build.add('Mul', [centred, inverse]), inverse };
}

/**
 * The cotangent of x from the cotangent g of the standardised value z: (g − mean g − z · mean(g · z)) / σ.
 * Source: Ioffe & Szegedy 2015, arXiv 1502.03167, section 3.
 */
export function standardiseGradient(
  build: Builder,
  { axes, value, inverse }: Standardised,
  cotangent: string,
): string {
  const level = mean(build, cotangent, axes);
  const along = mean(build, build.add('Mul', [cotangent, value]), axes);
  const projection = build.add('Mul', [value, along]);
  const rest = build.add('Sub', [build.add('Sub', [cotangent, level]), projection]);
  return build.add('Mul', [rest, inverse]);
}
