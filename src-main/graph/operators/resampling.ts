import { axisMap, type AxisMap } from './axis-map.ts';

/** How Resize computes an output element, in the words of the ONNX operator's attributes. */
export interface Resampling {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  /** The coefficient a of cubic interpolation (Keys 1981, equation 8). */
  readonly cubic: number;
  readonly excludeOutside: boolean;
}

/**
 * Resizing one axis as a matrix [to, from].
 * @param scale to / from, or what the model says instead
 * @throws Error when the mode is not supported
 */
export function resamplingMap(how: Resampling, from: number, to: number, scale: number): AxisMap {
  const map = axisMap(to, from);
  const weigh = kernelOf(how, from);
  for (let row = 0; row < to; row++) {
    const position = coordinate(how.coordinates, row, from, to, scale);
    for (const [column, weight] of weigh(position)) {
      const inside = Math.min(from - 1, Math.max(0, column));
      map.weights[row * from + inside] += weight;
    }
  }
  return map;
}

/** Where output element `row` lies in the input, in single precision as engines compute it. */
function coordinate(mode: string, row: number, from: number, to: number, scale: number): number {
  const f = Math.fround;
  const halfPixel = (): number => f(f((row + 0.5) / f(scale)) - 0.5);
  switch (mode) {
    case 'half_pixel':
      return halfPixel();
    case 'pytorch_half_pixel':
      return to > 1 ? halfPixel() : 0;
    case 'asymmetric':
      return f(row / f(scale));
    case 'align_corners':
      return to === 1 ? 0 : f((row * (from - 1)) / (to - 1));
    case 'tf_half_pixel_for_nn':
      return f((row + 0.5) / f(scale));
    default:
      throw new Error(`the coordinate transformation ${mode} is not supported`);
  }
}

type Weighted = readonly (readonly [column: number, weight: number])[];

function kernelOf(how: Resampling, from: number): (position: number) => Weighted {
  switch (how.mode) {
    case 'nearest':
      return (position) => [[round(how.nearest, position), 1]];
    case 'linear':
      return (position) => linear(Math.min(from - 1, Math.max(0, position)));
    case 'cubic':
      return (position) => cubic(how, from, position);
    default:
      throw new Error(`the mode ${how.mode} is not supported`);
  }
}

function round(mode: string, position: number): number {
  switch (mode) {
    case 'floor':
      return Math.floor(position);
    case 'ceil':
      return Math.ceil(position);
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5);
    case 'round_prefer_floor':
      return Math.ceil(position - 0.5);
    default:
      throw new Error(`the nearest mode ${mode} is not supported`);
  }
}

function linear(position: number): Weighted {
  const column = Math.floor(position);
  const share = position - column;
  return share === 0
    ? [[column, 1]]
    : [
        [column, 1 - share],
        [column + 1, share],
      ];
}

function cubic(how: Resampling, from: number, position: number): Weighted {
  const first = Math.floor(position) - 1;
  const taps = [0, 1, 2, 3].map((i): readonly [number, number] => {
    const column = first + i;
    const outside = column < 0 || column >= from;
    return [column, how.excludeOutside && outside ? 0 : keys(position - column, how.cubic)];
  });
  const total = how.excludeOutside ? taps.reduce((sum, [, weight]) => sum + weight, 0) : 1;
  return taps.map(([column, weight]) => [column, weight / total]);
}

/** The cubic convolution kernel. Source: Keys 1981, "Cubic convolution interpolation for digital image processing". */
function keys(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * (x ** 3 - 5 * x ** 2 + 8 * x - 4) : 0;
}
