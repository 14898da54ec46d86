/**
 * The arithmetic of a step on pixels and parameters, four at a time. Written in AssemblyScript, compiled into
 * resources/kernels.wasm by `npm run build:kernels`.
 *
 * Arrays are float32 at addresses in the imported memory. Each has room for a multiple of four elements: what lies
 * behind its last one is 0 or finite, and may be overwritten with something finite.
 */

export { drawTable, gather, scatter } from './affine';
export { squares, absolutes } from './penalty';

// @ts-ignore: decorator
@inline
const WIDTH: usize = 16;

/** One step of Adam with bias correction (Kingma and Ba 2015, algorithm 1), in place. */
export function adam(
  count: i32,
  parameters: usize,
  gradient: usize,
  first: usize,
  second: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += WIDTH) {
    const slope = v128.load(gradient + at);
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(beta1), v128.load(first + at)),
      f32x4.mul(f32x4.splat(rest1), slope),
    );
    const square = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(second + at)),
      f32x4.mul(f32x4.splat(rest2), f32x4.mul(slope, slope)),
    );
    v128.store(first + at, mean);
    v128.store(second + at, square);
    const root = f32x4.sqrt(f32x4.mul(square, f32x4.splat(correction)));
    const step = f32x4.div(
      f32x4.mul(f32x4.splat(rate), mean),
      f32x4.add(root, f32x4.splat(epsilon)),
    );
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), step));
  }
}

// Added to a number below 2^22, it leaves the nearest whole number in the lowest bits of the sum.
const ROUND: f32 = 12582912;
// ln 2 in two parts: the product of the first with a whole number below 2^14 is exact.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/**
 * e^y for -87 ≤ y ≤ 88: 2^k times the Taylor polynomial of degree 7 of e^r with |r| ≤ ln 2 / 2, whose error of 5e-9
 * is far below single precision.
 */
// @ts-ignore: decorator
@inline
function exponential(y: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(y, f32x4.splat(1.4426950408889634)), f32x4.splat(ROUND));
  const k = f32x4.sub(shifted, f32x4.splat(ROUND));
  let r = f32x4.sub(y, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LOW)));
  let sum = f32x4.splat(1.0 / 5040.0);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0));
  const exponent = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(127 << 23));
  return f32x4.mul(sum, exponent);
}

/** out = 1 / (1 + e^-x); 1 or nearly 0 beyond ±87, where e^-x leaves single precision, and NaN of NaN. */
export function sigmoid(count: i32, values: usize, out: usize): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += WIDTH) {
    const x = v128.load(values + at);
    const y = f32x4.pmin(f32x4.pmax(f32x4.neg(x), f32x4.splat(-87)), f32x4.splat(88));
    v128.store(out + at, f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential(y))));
  }
}

/** out = gradient · y · (1 − y): back through y = sigmoid(x). */
export function sigmoidAdjoint(count: i32, y: usize, gradient: usize, out: usize): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += WIDTH) {
    const value = v128.load(y + at);
    const slope = f32x4.mul(value, f32x4.sub(f32x4.splat(1), value));
    v128.store(out + at, f32x4.mul(v128.load(gradient + at), slope));
  }
}

/** Sum of the absolute values: 0 only where all are, and not finite where one is not. */
export function magnitude(count: i32, values: usize): f32 {
  const end = (<usize>count) << 2;
  let sum = f32x4.splat(0);
  let at: usize = 0;
  for (; at + WIDTH <= end; at += WIDTH) sum = f32x4.add(sum, f32x4.abs(v128.load(values + at)));
  let total =
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3);
  for (; at < end; at += 4) total += abs(load<f32>(values + at));
  return total;
}

/** out = gain · values + offset; exactly `count` elements, as planes may follow one another closely. */
export function line(count: i32, gain: f32, offset: f32, values: usize, out: usize): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + WIDTH <= end; at += WIDTH) {
    const value = f32x4.mul(f32x4.splat(gain), v128.load(values + at));
    v128.store(out + at, f32x4.add(value, f32x4.splat(offset)));
  }
  for (; at < end; at += 4) store<f32>(out + at, gain * load<f32>(values + at) + offset);
}

/** out = out + gain · values; exactly `count` elements. */
export function addLine(count: i32, gain: f32, values: usize, out: usize): void {
  const end = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + WIDTH <= end; at += WIDTH) {
    const value = f32x4.mul(f32x4.splat(gain), v128.load(values + at));
    v128.store(out + at, f32x4.add(v128.load(out + at), value));
  }
  for (; at < end; at += 4) {
    store<f32>(out + at, load<f32>(out + at) + gain * load<f32>(values + at));
  }
}
