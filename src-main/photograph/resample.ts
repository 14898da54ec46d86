import type { Frame, Raster } from './raster.ts';

/** Bits behind the point in Pillow's fixed-point weights: 32 − 8 for the sample − 2 against overflow. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/** For each output position the first input position and the integer weights from there on. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Int32Array[];
}

/**
 * Resamples to `width` × `height` with an antialiased bilinear (triangle) filter and returns the pixels within
 * `frame`, byte for byte as Pillow's `Image.resize(…, BILINEAR)` computes them on 8-bit samples: horizontal pass first,
 * fixed-point weights, each pass rounded to 8 bits, no pass where the length stays (reference: Pillow's Resample.c).
 * Only what the frame shows is computed, since every output pixel is independent of the others.
 *
 * @param frame lies within the output
 */
export function resample(source: Raster, width: number, height: number, frame: Frame): Raster {
  const rows =
    height === source.height ? undefined : taps(source.height, height, frame.top, frame.height);
  const band = rows ? rowsNeeded(source, rows) : { ...frame, left: 0, width: source.width };
  const tall = crop(source, band);
  const columns = { left: frame.left, top: 0, width: frame.width, height: tall.height };
  const narrow =
    width === source.width
      ? crop(tall, columns)
      : across(tall, taps(source.width, width, frame.left, frame.width));
  return rows ? down(narrow, rows, band.top) : narrow;
}

function rowsNeeded(source: Raster, { first, weights }: Taps): Frame {
  const bottom = first[first.length - 1] + weights[weights.length - 1].length;
  return { left: 0, top: first[0], width: source.width, height: bottom - first[0] };
}

/** The pixels within a frame that lies inside the image. */
export function crop(source: Raster, frame: Frame): Raster {
  if (frame.width === source.width && frame.height === source.height) return source;
  const { channels } = source;
  const data = new Uint8Array(frame.width * frame.height * channels);
  for (let y = 0; y < frame.height; y++) {
    const from = ((frame.top + y) * source.width + frame.left) * channels;
    data.set(source.data.subarray(from, from + frame.width * channels), y * frame.width * channels);
  }
  return { width: frame.width, height: frame.height, channels, data };
}

/** Triangle filter weights for outputs start … start + count of a line of `from` samples that becomes `to` long. */
function taps(from: number, to: number, start: number, count: number): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const first = new Int32Array(count);
  const weights = Array.from({ length: count }, (_, i) => {
    const centre = (start + i + 0.5) * scale;
    first[i] = Math.max(0, Math.trunc(centre - stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + stretch + 0.5));
    return fixedPoint(
      Array.from({ length: end - first[i] }, (_, k) =>
        Math.max(0, 1 - Math.abs((first[i] + k - centre + 0.5) / stretch)),
      ),
    );
  });
  return { first, weights };
}

function fixedPoint(weights: readonly number[]): Int32Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Int32Array.from(weights, (weight) => Math.trunc(0.5 + (weight / sum) * (1 << PRECISION)));
}

function across(source: Raster, { first, weights }: Taps): Raster {
  const { channels, height, data } = source;
  const width = first.length;
  const out = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const kernel = weights[x];
      for (let c = 0; c < channels; c++) {
        let at = (y * source.width + first[x]) * channels + c;
        let sum = HALF;
        for (let k = 0; k < kernel.length; k++, at += channels) sum += data[at] * kernel[k];
        out[(y * width + x) * channels + c] = sum >> PRECISION;
      }
    }
  }
  return { width, height, channels, data: out };
}

function down(source: Raster, { first, weights }: Taps, top: number): Raster {
  const { channels, width, data } = source;
  const height = first.length;
  const stride = width * channels;
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const kernel = weights[y];
    for (let x = 0; x < stride; x++) {
      let at = (first[y] - top) * stride + x;
      let sum = HALF;
      for (let k = 0; k < kernel.length; k++, at += stride) sum += data[at] * kernel[k];
      out[y * stride + x] = sum >> PRECISION;
    }
  }
  return { width, height, channels, data: out };
}
