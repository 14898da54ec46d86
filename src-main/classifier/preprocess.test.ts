import { describe, expect, it } from 'vitest';
import { preprocess, preprocessOf } from './preprocess.ts';

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
});
