import { describe, expect, it } from 'vitest';
import { preprocess, preprocessAdjoint, preprocessOf } from './preprocess.ts';

const caffe = {
  range: 255,
  mean: [123, 117, 104],
  std: [1, 1, 2],
  order: 'RGB',
  resize: 4,
} as const;

describe('preprocessing', () => {
  it('is (rgb · range − mean) / std, channel by channel', () => {
    const out = new Float32Array(6);
    preprocess(preprocessOf(caffe), Float32Array.of(0, 1, 0, 1, 0, 1), out);
    expect([...out]).toEqual([-123, 132, -117, 138, -52, 75.5]);
  });

  it('has the factor of its channel as its adjoint, added to what is there', () => {
    const out = Float32Array.of(1, 1, 1, 1, 1, 1);
    preprocessAdjoint(preprocessOf(caffe), Float32Array.of(1, 0, 0, 1, 2, 0), out);
    expect([...out]).toEqual([256, 1, 1, 256, 256, 1]);
  });
});
