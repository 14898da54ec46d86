import { describe, expect, it } from 'vitest';
import { attr } from './attributes.ts';
import { findInput } from './input.ts';
import type { DType, Graph, GraphInput } from './ir.ts';
import { graphOf, node } from './onnx/model.fixture.ts';
import { floats } from './tensor.ts';

const weight = { w: floats([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]) };
const conv = node('Conv', ['x', 'w'], ['y']);
const planar = (dims: readonly (number | string)[]): Graph =>
  graphOf({ x: dims }, ['y'], [conv], weight);
const interleaved = (dims: readonly (number | string)[]): Graph =>
  graphOf(
    { x: dims },
    ['y'],
    [
      node('Mul', ['x', 'scale'], ['s']),
      node('Transpose', ['s'], ['t'], { perm: attr.ints([0, 3, 1, 2]) }),
      node('Conv', ['t', 'w'], ['y']),
    ],
    { ...weight, scale: floats([], [2]) },
  );

function withInputs(...inputs: readonly (readonly [string, DType, readonly number[]])[]): Graph {
  const declared = inputs.map(([name, dtype, dims]): GraphInput => ({ name, dtype, dims }));
  return { ...planar([1, 3, 4, 4]), inputs: declared };
}

describe('findInput', () => {
  it.each([
    [
      'colour planes',
      planar([1, 3, 224, 160]),
      { layout: 'NCHW', channels: 3, batch: 1, height: 224, width: 160 },
    ],
    [
      'a free batch and size',
      planar(['N', 3, 'h', '?']),
      { layout: 'NCHW', channels: 3, batch: 'free', height: 'free', width: 'free' },
    ],
    [
      'grey pixels in the last place',
      planar([1, 28, 28, 1]),
      { layout: 'NHWC', channels: 1, height: 28, width: 28 },
    ],
    [
      'nothing fixed, before a convolution',
      planar(['a', 'b', 'c', 'd']),
      { layout: 'NCHW', channels: 3 },
    ],
    [
      'nothing fixed, before a transposition',
      interleaved(['a', 'b', 'c', 'd']),
      { layout: 'NHWC', channels: 3 },
    ],
    [
      'three rows of colour, before a transposition',
      interleaved([1, 3, 9, 3]),
      { layout: 'NHWC', height: 3, width: 9 },
    ],
    [
      'three columns of colour planes',
      planar([1, 3, 9, 3]),
      { layout: 'NCHW', height: 9, width: 3 },
    ],
  ])('understands %s', (_title, graph, expected) => {
    expect(findInput(graph)).toMatchObject({ name: 'x', ...expected });
  });

  it.each([
    ['no input', withInputs(), /no input at all/],
    [
      'only whole numbers',
      withInputs(['ids', 'int64', [1, 8]]),
      /ids \(int64 \[1, 8\]\) is not float32/,
    ],
    [
      'two images',
      withInputs(['a', 'float32', [1, 3, 4, 4]], ['b', 'float32', [1, 3, 4, 4]]),
      /input b .* beside a/,
    ],
    [
      'a mask as well',
      withInputs(['a', 'float32', [1, 3, 4, 4]], ['mask', 'bool', [1]]),
      /input mask .* beside the image/,
    ],
    ['rows of features', withInputs(['x', 'float32', [1, 30]]), /no batch of images/],
    ['one dimension', withInputs(['x', 'float32', [30]]), /no batch of images/],
    ['seven channels', planar([1, 7, 8, 8]), /neither 1 nor 3 channels/],
  ])('refuses a model that takes %s', (_title, graph, message) => {
    expect(() => findInput(graph)).toThrow(message);
    expect(() => findInput(graph)).toThrow(
      expect.objectContaining({ code: 'not-a-classifier' }) as Error,
    );
  });
});
