import { kernelsOf } from '../kernels/arena.ts';

/**
 * Overwrites `out` with the logistic function of `values`, element by element, to within single precision. Beyond
 * |x| = 87 it is 1 or nearly 0. Both arrays lie in one arena.
 */
export function sigmoid(values: Float32Array, out: Float32Array): void {
  kernelsOf(values).sigmoid(values.length, values.byteOffset, out.byteOffset);
}

/** Back through y = sigmoid(x): overwrites `out` with gradient · y · (1 − y). All arrays lie in one arena. */
export function sigmoidAdjoint(y: Float32Array, gradient: Float32Array, out: Float32Array): void {
  kernelsOf(y).sigmoidAdjoint(y.length, y.byteOffset, gradient.byteOffset, out.byteOffset);
}
