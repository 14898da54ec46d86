import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sizeOf } from '../ir.ts';
import { floats } from '../tensor.ts';
import { cartesian } from './cartesian.ts';
import { pad } from './spatial.ts';

/** onnxruntime keeps images in blocks of so many channels for its convolutions: 16, or 8 on older processors. */
const BLOCK = 16;

/** Whether moving the elements of a value is best done by convolutions. */
export function isInBlocks(build: Builder, value: string): boolean {
  const dims = build.dims(value);
  return dims.length === 4 && dims[1] % BLOCK === 0;
}

/**
 * A convolution of each channel with a kernel that has one element. Exact for finite numbers, and in onnxruntime faster
 * than moving them, as they stay in the layout of the convolutions around them.
 * @param value an image [N, C, H, W]
 * @param place of the element in the kernel
 */
export function pick(
  build: Builder,
  value: string,
  kernel: readonly number[],
  place: readonly number[],
  { factor = 1, strides = [1, 1], pads = [0, 0, 0, 0] }: PickOptions,
): string {
  const channels = build.dims(value)[1];
  const one = cartesian(kernel).map((at) =>
    at.every((i, axis) => i === place[axis]) ? factor : 0,
  );
  const all = Float32Array.from(
    { length: channels * sizeOf(kernel) },
    (_, i) => one[i % one.length],
  );
  return build.add('Conv', [value, build.constant(floats([channels, 1, ...kernel], all))], {
    group: attr.int(channels),
    kernel_shape: attr.ints(kernel),
    strides: attr.ints(strides),
    pads: attr.ints(pads),
  });
}

interface PickOptions {
  readonly factor?: number;
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
}

export interface Move {
  readonly axis: number;
  /** Element i comes to i + by. */
  readonly by: number;
  /** Of the axis afterwards; 0 comes in where nothing is. */
  readonly length: number;
  readonly factor: 1 | -1;
}

/** Moves the elements of [N, C, spatial…] along an axis, and multiplies them. */
export function move(build: Builder, value: string, { axis, by, length, factor }: Move): string {
  const dims = build.dims(value);
  const stays = by === 0 && length === dims[axis];
  if (stays && factor === 1) return value;
  if (isInBlocks(build, value))
    return moveByConvolution(build, value, { axis, by, length, factor });
  const zeros = dims.map(() => 0);
  const end = length - by - dims[axis];
  const moved = stays ? value : pad(build, value, zeros.with(axis, by), zeros.with(axis, end));
  return factor === 1 ? moved : build.add('Neg', [moved]);
}

/** Element e of the result is element e + place − begin of the value, which is e − by. */
function moveByConvolution(
  build: Builder,
  value: string,
  { axis, by, length, factor }: Move,
): string {
  const from = build.dims(value)[axis];
  const begin = Math.max(0, by);
  const place = begin - by;
  const kernel = Math.max(place + 1, from + begin - length + 1);
  const end = length - from - begin + kernel - 1;
  const along = (size: number, other: number): number[] =>
    [2, 3].map((each) => (each === axis ? size : other));
  const pads = [...along(begin, 0), ...along(end, 0)];
  return pick(build, value, along(kernel, 1), along(place, 0), { factor, pads });
}
