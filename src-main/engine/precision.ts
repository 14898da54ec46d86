import type { Engine } from './engine.ts';
import { wave, waveConvolution } from './probe.ts';

/**
 * How exactly products are computed. `reduced`: with fewer bits than single precision has, such as TF32 on NVIDIA's
 * cards or half precision; logits then agree with other engines to about three digits.
 */
export type Precision = 'float32' | 'reduced';

/** Enough channels that a card takes the units that it multiplies matrices with. */
const CHANNELS = 32;
const SIZE = 8;
const image = wave(CHANNELS * SIZE * SIZE);
const kernel = wave(CHANNELS * CHANNELS * 9);
const CONVOLUTION = waveConvolution([1, CHANNELS, SIZE, SIZE], CHANNELS);

/** Single precision errs by about 1e-6 of a sum of 288 products, TF32 and half precision by about 1e-4. */
const MOST_OF_SINGLE = 1e-5;

/** Measures how exactly an engine computes a convolution. @throws EngineError as `Engine.compile` */
export async function precisionOf(engine: Engine): Promise<Precision> {
  const executable = await engine.compile(CONVOLUTION);
  try {
    const { y } = await executable.run({ x: image });
    return precisionOfResult(y as Float32Array);
  } finally {
    await executable.release();
  }
}

/** @param y the convolution of the image, [32, 8, 8] */
export function precisionOfResult(y: Float32Array): Precision {
  const expected = convolved();
  let [error, size] = [0, 0];
  expected.forEach((value, i) => {
    error += (y[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / size) < MOST_OF_SINGLE ? 'float32' : 'reduced';
}

/** The image's convolution in double precision. */
export function convolved(round: (value: number) => number = (value) => value): Float64Array {
  const y = new Float64Array(CHANNELS * SIZE * SIZE);
  for (let out = 0; out < CHANNELS; out++) {
    for (let at = 0; at < SIZE * SIZE; at++) y[out * SIZE * SIZE + at] = summed(out, at, round);
  }
  return y;
}

function summed(out: number, at: number, round: (value: number) => number): number {
  const [row, column] = [Math.floor(at / SIZE), at % SIZE];
  let sum = 0;
  for (let place = 0; place < CHANNELS * 9; place++) {
    const [channel, tap] = [Math.floor(place / 9), place % 9];
    const r = row + Math.floor(tap / 3) - 1;
    const c = column + (tap % 3) - 1;
    if (Math.min(r, c) < 0 || Math.max(r, c) >= SIZE) continue;
    const weight = kernel[out * CHANNELS * 9 + place];
    sum += round(weight) * round(image[(channel * SIZE + r) * SIZE + c]);
  }
  return sum;
}
