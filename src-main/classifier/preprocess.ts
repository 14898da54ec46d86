import type { Preprocessing } from './classifier.ts';

/** Preprocessing as one line a channel: x = gain · rgb + offset, with rgb in [0, 1]. */
export interface Preprocess {
  readonly gain: Float64Array;
  readonly offset: Float64Array;
}

/** x = (rgb · range − mean) / std, channel by channel in the order R, G, B (or grey alone). */
export function preprocessOf(preprocessing: Preprocessing): Preprocess {
  const { range, mean, std } = preprocessing;
  return {
    gain: Float64Array.from(std, (deviation) => range / deviation),
    offset: Float64Array.from(std, (deviation, channel) => -mean[channel] / deviation),
  };
}

/** Overwrites `out` with the preprocessed image, both planar [C, H, W]. */
export function preprocess(
  { gain, offset }: Preprocess,
  image: Float32Array,
  out: Float32Array,
): void {
  const size = image.length / gain.length;
  for (let channel = 0; channel < gain.length; channel++) {
    const [factor, shift] = [gain[channel], offset[channel]];
    const end = (channel + 1) * size;
    for (let i = channel * size; i < end; i++) out[i] = factor * image[i] + shift;
  }
}
