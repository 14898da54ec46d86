import { describe, expect, it } from 'vitest';
import { philox, Stream } from './philox.ts';

/** Known-answer vectors of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, result. */
const knownAnswers: readonly (readonly (readonly number[])[])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

const draws = (stream: Stream, count: number): number[] =>
  Array.from({ length: count }, () => stream.uniform());

describe('philox', () => {
  it.each(knownAnswers)(
    'gives the published answer for counter %j and key %j',
    (counter, key, expected) => {
      const out = new Uint32Array(4);
      philox(Uint32Array.from(counter), Uint32Array.from(key), out);
      expect([...out]).toEqual(expected);
    },
  );
});

describe('a stream', () => {
  it('starts with the words that its address gives', () => {
    const out = new Uint32Array(4);
    philox(Uint32Array.of(0, 9, 3, 2 ** 24 + 2), Uint32Array.of(5, 1), out);
    const stream = new Stream(2 ** 32 + 5, 3, 2, 'affine').seek(9);
    expect(draws(stream, 4)).toEqual([...out].map((word) => (word + 0.5) / 2 ** 32));
  });

  it('gives a step the same draws whatever was drawn before', () => {
    const first = new Stream(1, 2, 3, 'affine');
    draws(first.seek(0), 7);
    expect(draws(first.seek(5), 6)).toEqual(draws(new Stream(1, 2, 3, 'affine').seek(5), 6));
  });

  it('differs in seed, class, prototype, purpose and step', () => {
    const streams = [
      new Stream(1, 2, 3, 'affine').seek(4),
      new Stream(0, 2, 3, 'affine').seek(4),
      new Stream(1 + 2 ** 32, 2, 3, 'affine').seek(4),
      new Stream(1, 3, 3, 'affine').seek(4),
      new Stream(1, 2, 2, 'affine').seek(4),
      new Stream(1, 2, 3, 'start').seek(4),
      new Stream(1, 2, 3, 'affine').seek(3),
    ];
    expect(new Set(streams.map((stream) => stream.uniform())).size).toBe(streams.length);
  });

  it('draws uniforms with the mean and variance of a uniform distribution', () => {
    const values = draws(new Stream(7, 0, 0, 'start'), 40_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThan(0);
  });

  it('draws normals whose moments and tails are those of a normal distribution, at an odd length too', () => {
    const values = new Float32Array(40_001);
    new Stream(7, 1, 0, 'start').normal(values, 2);
    const moment = (order: number): number =>
      values.reduce((sum, value) => sum + (value / 2) ** order, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(3))).toBeLessThan(0.06);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    expect(values[40_000]).not.toBe(0);
  });
});
