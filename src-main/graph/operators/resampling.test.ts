import { describe, expect, it } from 'vitest';
import { checkGradient, checkTypes } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';
import type { Attributes, Tensor } from '../ir.ts';
import { floats, ints } from '../tensor.ts';
import { operatorOf } from './index.ts';

const image = uniform([1, 2, 5, 4], -1, 1, 6);
const COORDINATES = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
const ROUNDINGS = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];

/** Resizing is linear, so central differences of onnxruntime's forward pass are exact but for rounding. */
async function check(attributes: Attributes, ...targets: (Tensor | undefined)[]): Promise<void> {
  const given = { op: 'Resize', inputs: [image, undefined, ...targets], attributes, wrt: [0] };
  await checkTypes(given);
  await checkGradient(given);
}

const how = (mode: string, coordinates: string, extra: Attributes = {}): Attributes => ({
  mode: attr.string(mode),
  coordinate_transformation_mode: attr.string(coordinates),
  ...extra,
});

describe("the matrices of resizing are onnxruntime's", () => {
  const pairs = COORDINATES.flatMap((coordinates) =>
    ['linear', 'cubic'].map((mode) => [mode, coordinates]),
  );

  it.each(pairs)('%s, %s', async (mode, coordinates) => {
    await check(how(mode, coordinates), undefined, ints([4], [1, 2, 8, 3]));
    await check(how(mode, coordinates), floats([4], [1, 1, 0.6, 2.5]));
  });

  const roundings = COORDINATES.flatMap((coordinates) =>
    ROUNDINGS.map((rounding) => [coordinates, rounding]),
  );

  it.each(roundings)('nearest, %s, %s', async (coordinates, rounding) => {
    const attributes = how('nearest', coordinates, { nearest_mode: attr.string(rounding) });
    await check(attributes, undefined, ints([4], [1, 2, 12, 3]));
    await check(attributes, floats([4], [1, 1, 2, 3]));
  });

  it('cubic without the outside', () =>
    check(
      how('cubic', 'half_pixel', { exclude_outside: attr.int(1), cubic_coeff_a: attr.float(-0.5) }),
      floats([4], [1, 1, 1.5, 2]),
    ));

  it('only some axes', () =>
    check(how('linear', 'half_pixel', { axes: attr.ints([3, 2]) }), undefined, ints([2], [7, 9])));

  it.each([
    [{ antialias: attr.int(1) }, 'antialiased Resize is not supported'],
    [{ keep_aspect_ratio_policy: attr.string('not_larger') }, 'keeps the aspect ratio'],
  ])('%j is refused in words', (attributes: Attributes, reason: string) => {
    const resize = operatorOf('Resize');
    const node = { name: 'resize', op: 'Resize', inputs: ['x'], outputs: ['y'], attributes };
    const inputs = [{ dtype: 'float32' as const, dims: image.dims }];
    expect(() => resize.infer({ node, inputs, constant: () => undefined })).toThrow(reason);
  });
});
