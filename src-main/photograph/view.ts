import { crop, resample } from './resample.ts';
import type { Frame, Raster } from './raster.ts';

/** How a classifier looks at a photograph: shorter side resized, then the centre. All in pixels. */
export interface View {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Length that the shorter side is resized to before the centre crop. */
  readonly resize: number;
}

/**
 * The part of a photograph that a classifier sees, as torchvision's `Resize(resize)`, `CenterCrop((height, width))`
 * and `ToTensor()` make it from a PIL image: the longer side is truncated to an integer, crop offsets are rounded half
 * to even, a crop larger than the image is filled up with black.
 *
 * @returns planar [channels, height, width] samples in [0, 1]
 */
export function look(source: Raster, view: View): Float32Array {
  const size = resized(source, view.resize);
  const across = span(size.width, view.width);
  const along = span(size.height, view.height);
  const frame = { left: across.from, top: along.from, width: across.length, height: along.length };
  const seen = resampleOrCrop(source, size, frame);
  return planar(seen, view, across.at, along.at);
}

/** Size after the shorter side is resized to `side`. */
export function resized(source: { width: number; height: number }, side: number) {
  const { width, height } = source;
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

/**
 * A centre crop along one axis.
 * @returns the visible part of the image, `from` … `from + length`, and where in the crop it starts
 */
function span(size: number, wanted: number): { from: number; length: number; at: number } {
  if (wanted > size) return { from: 0, length: size, at: Math.floor((wanted - size) / 2) };
  return { from: roundHalfEven((size - wanted) / 2), length: wanted, at: 0 };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function resampleOrCrop(
  source: Raster,
  size: { width: number; height: number },
  frame: Frame,
): Raster {
  const same = size.width === source.width && size.height === source.height;
  return same ? crop(source, frame) : resample(source, size.width, size.height, frame);
}

function planar(seen: Raster, view: View, left: number, top: number): Float32Array {
  const { channels, data } = seen;
  const plane = view.height * view.width;
  const out = new Float32Array(channels * plane);
  for (let y = 0; y < seen.height; y++) {
    for (let x = 0; x < seen.width; x++) {
      const to = (top + y) * view.width + left + x;
      const from = (y * seen.width + x) * channels;
      for (let c = 0; c < channels; c++) out[c * plane + to] = data[from + c] / 255;
    }
  }
  return out;
}
