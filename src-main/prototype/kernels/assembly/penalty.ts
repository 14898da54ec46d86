/**
 * Differences between neighbouring pixels of one plane: their energy, and its gradient. Energy is counted to the right
 * and downwards only, so that each difference counts once; the gradient of a pixel has all four of its differences.
 * `across` and `down` are factors of the differences along the width and the height, `weight` one of the gradient.
 */

/** Σ across · Δx² + down · Δy². @param gradient overwritten @returns the sum, without the weight */
export function squares(
  height: i32,
  width: i32,
  across: f32,
  down: f32,
  weight: f32,
  image: usize,
  gradient: usize,
): f64 {
  return plane(false, height, width, across, down, weight, image, gradient);
}

/** Σ across · |Δx| + down · |Δy|; the gradient at a difference of 0 is 0. Otherwise as `squares`. */
export function absolutes(
  height: i32,
  width: i32,
  across: f32,
  down: f32,
  weight: f32,
  image: usize,
  gradient: usize,
): f64 {
  return plane(true, height, width, across, down, weight, image, gradient);
}

// @ts-ignore: decorator
@inline
function plane(
  absolute: bool,
  height: i32,
  width: i32,
  across: f32,
  down: f32,
  weight: f32,
  image: usize,
  gradient: usize,
): f64 {
  let total: f64 = 0;
  const row = (<usize>width) << 2;
  for (let i = 0; i < height; i++) {
    const start = image + <usize>i * row;
    const out = gradient + <usize>i * row;
    // A difference with the pixel itself stands for one that is not there.
    const above = i > 0 ? row : 0;
    const below = i + 1 < height ? row : 0;
    total += pixel(absolute, start, 0, min<usize>(4, row - 4), above, below, across, down, weight, out);
    let at: usize = 4;
    let energy = f32x4.splat(0);
    for (; at + 20 <= row; at += 16) {
      const here = start + at;
      const value = v128.load(here);
      const right = f32x4.sub(v128.load(here + 4), value);
      const left = f32x4.sub(value, v128.load(here - 4));
      const lower = f32x4.sub(v128.load(here + below), value);
      const upper = f32x4.sub(value, v128.load(here - above));
      const sides = f32x4.mul(f32x4.splat(across), f32x4.sub(force(absolute, left), force(absolute, right)));
      const ends = f32x4.mul(f32x4.splat(down), f32x4.sub(force(absolute, upper), force(absolute, lower)));
      v128.store(out + at, f32x4.mul(f32x4.splat(weight), f32x4.add(sides, ends)));
      const width = f32x4.mul(f32x4.splat(across), size(absolute, right));
      energy = f32x4.add(energy, f32x4.add(width, f32x4.mul(f32x4.splat(down), size(absolute, lower))));
    }
    total += sum(energy);
    for (; at < row; at += 4) {
      const right: usize = at + 4 < row ? 4 : 0;
      total += pixel(absolute, start + at, 4, right, above, below, across, down, weight, out + at);
    }
  }
  return total;
}

/** One pixel; `left` … `below` are the bytes to its neighbours, 0 where there is none. @returns its energy */
// @ts-ignore: decorator
@inline
function pixel(
  absolute: bool,
  here: usize,
  left: usize,
  right: usize,
  above: usize,
  below: usize,
  across: f32,
  down: f32,
  weight: f32,
  out: usize,
): f64 {
  const value = load<f32>(here);
  const rightward = load<f32>(here + right) - value;
  const leftward = value - load<f32>(here - left);
  const lower = load<f32>(here + below) - value;
  const upper = value - load<f32>(here - above);
  const sides = across * (pull(absolute, leftward) - pull(absolute, rightward));
  const ends = down * (pull(absolute, upper) - pull(absolute, lower));
  store<f32>(out, weight * (sides + ends));
  return across * extent(absolute, rightward) + down * extent(absolute, lower);
}

/** Derivative of a difference's energy. */
// @ts-ignore: decorator
@inline
function pull(absolute: bool, difference: f32): f32 {
  if (!absolute) return 2 * difference;
  return <f32>(difference > 0) - <f32>(difference < 0);
}

// @ts-ignore: decorator
@inline
function extent(absolute: bool, difference: f32): f32 {
  return absolute ? abs(difference) : difference * difference;
}

/** As `pull`, of four. */
// @ts-ignore: decorator
@inline
function force(absolute: bool, difference: v128): v128 {
  if (!absolute) return f32x4.add(difference, difference);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const positive = v128.and(f32x4.gt(difference, zero), one);
  return f32x4.sub(positive, v128.and(f32x4.lt(difference, zero), one));
}

/** As `extent`, of four. */
// @ts-ignore: decorator
@inline
function size(absolute: bool, difference: v128): v128 {
  return absolute ? f32x4.abs(difference) : f32x4.mul(difference, difference);
}

// @ts-ignore: decorator
@inline
function sum(four: v128): f64 {
  return (
    <f64>f32x4.extract_lane(four, 0) +
    <f64>f32x4.extract_lane(four, 1) +
    <f64>f32x4.extract_lane(four, 2) +
    <f64>f32x4.extract_lane(four, 3)
  );
}
