import type { Feature } from '../../classifier/features.ts';
import { bestOf } from '../../classifier/feature-value.ts';
import type { Stream } from '../../random/philox.ts';
import type { Parameterisation } from './parameterisation.ts';
import { sigmoid, sigmoidAdjoint } from './sigmoid.ts';

/**
 * A row of a table. Numbers are kept between their bounds by the logistic function, and the columns of a one-hot
 * category are the softmax of theirs, so they sum to 1. `settle` ends at whole numbers and single categories.
 */
export class ColumnsOfFeatures implements Parameterisation {
  readonly size: number;
  /** Whether a row of these features has anything to settle. */
  readonly settle: ((row: Float32Array) => void) | undefined;
  readonly #groups: readonly Feature[];
  readonly #deviation: number;

  /** @param deviation standard deviation of the normal noise that a start is, before logistic function and softmax */
  constructor(features: readonly Feature[], deviation: number) {
    this.size = features.reduce((sum, { width }) => sum + width, 0);
    this.#groups = features.filter(({ width }) => width > 1);
    this.#deviation = deviation;
    const whole = features.filter(({ integer }) => integer);
    const isSettled = whole.length + this.#groups.length === 0;
    this.settle = isSettled ? undefined : (row) => settle(row, this.#groups, whole);
  }

  init(stream: Stream, out: Float32Array): void {
    stream.normal(out, this.#deviation);
  }

  toImage(parameters: Float32Array, row: Float32Array): void {
    sigmoid(parameters, row);
    for (const group of this.#groups) softmax(part(parameters, group), part(row, group));
  }

  adjoint(row: Float32Array, gradient: Float32Array, out: Float32Array): void {
    sigmoidAdjoint(row, gradient, out);
    for (const group of this.#groups)
      softmaxAdjoint(part(row, group), part(gradient, group), part(out, group));
  }

  async release(): Promise<void> {}
}

const part = (values: Float32Array, { column, width }: Feature): Float32Array =>
  values.subarray(column, column + width);

function softmax(values: Float32Array, out: Float32Array): void {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += out[i] = Math.exp(values[i] - top);
  for (let i = 0; i < values.length; i++) out[i] /= sum;
}

/** Back through p = softmax(x): p · (gradient − Σ p · gradient). */
function softmaxAdjoint(p: Float32Array, gradient: Float32Array, out: Float32Array): void {
  let mean = 0;
  for (let i = 0; i < p.length; i++) mean += p[i] * gradient[i];
  for (let i = 0; i < p.length; i++) out[i] = p[i] * (gradient[i] - mean);
}

/** The nearest row that there is: the best category alone, and whole numbers. */
function settle(row: Float32Array, groups: readonly Feature[], whole: readonly Feature[]): void {
  for (const group of groups) {
    const best = bestOf(row, group.column, group.width);
    part(row, group).fill(0)[best] = 1;
  }
  for (const { column, min, max } of whole)
    row[column] = Math.round(row[column] * (max - min)) / (max - min);
}
