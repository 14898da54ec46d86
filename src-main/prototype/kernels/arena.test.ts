import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/kernels/compile.ts';
import { resourcePath } from '../../resources.ts';
import { Arena, kernelsOf } from './arena.ts';

describe('the kernels', () => {
  it('that are bundled are those of their source', async () => {
    const bundled = readFileSync(resourcePath('kernels.wasm'));
    expect(Buffer.from(await compileKernels()).equals(bundled)).toBe(true);
  });

  it('tell by the magnitude whether all of a gradient is 0, or any of it not finite', () => {
    const arena = new Arena(1e4);
    const magnitude = (values: number[]): number => {
      const array = arena.copy(values);
      return kernelsOf(array).magnitude(array.length, array.byteOffset);
    };
    expect(magnitude([0, -0, 0, 0, 0])).toBe(0);
    expect(magnitude([1, -2, 3, -4, 5, -6, 7])).toBe(28);
    expect(magnitude([0, 0, 0, 0, 1e-38])).toBeGreaterThan(0);
    expect(magnitude([1, 2, 3, 4, NaN])).toBeNaN();
    expect(magnitude([1, -Infinity, 3])).toBe(Infinity);
  });
});

describe('an arena', () => {
  it('holds as many arrays as it was asked for, which do not touch', () => {
    const arena = new Arena(Arena.sizeOf(5, 3, 70_000));
    const arrays = [5, 3, 70_000].map((length) => arena.floats(length));
    arrays.forEach((array, i) => array.fill(i + 1));
    arrays.forEach((array, i) => expect(array.every((value) => value === i + 1)).toBe(true));
    expect(() => arena.floats(200_000)).toThrow(RangeError);
  });

  it('is needed by everything that computes', () => {
    expect(() => kernelsOf(new Float32Array(4))).toThrow('outside the arena');
  });
});
