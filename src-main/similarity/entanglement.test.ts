import { describe, expect, it } from 'vitest';
import { memoryInUse } from '../../test/support/memory.ts';
import { entanglement, softmax } from './entanglement.ts';
import { otherClassControls, plainControls } from './subjects.ts';
import { sameClass, transfer } from './transfer.ts';

const output = (classIndex: number, logits: number[], features: number[]) => ({
  classIndex,
  logits: Float32Array.from(logits),
  features: Float32Array.from(features),
});

describe('entanglement', () => {
  const outputs = [
    output(0, [9, 8, 0], [1, 0]),
    output(1, [0, 9, 0], [3, 4]),
    output(2, [0, 0, 900], [0, -2]),
  ];

  it('gives the cosine of penultimate features, class by class', () => {
    const { cosines } = entanglement(outputs);
    expect(cosines[0][1]).toBeCloseTo(0.6, 12);
    expect(cosines[1][2]).toBeCloseTo(-0.8, 12);
    expect(cosines[2][2]).toBeCloseTo(1, 12);
  });

  it('lists the worst unexpected pairs first, and expected ones last', () => {
    const order = (expected?: [number, number][]) =>
      entanglement(outputs, expected).pairs.map(({ a, b }) => `${a}${b}`);
    expect(order()).toEqual(['01', '02', '12']);
    expect(order([[1, 0]])).toEqual(['02', '12', '01']);
  });

  it('tells the larger probability that one prototype gives to the class of the other', () => {
    const [pair] = entanglement(outputs).pairs;
    const expected = Math.exp(8) / (Math.exp(9) + Math.exp(8) + 1);
    expect(pair.probability).toBeCloseTo(expected, 6);
  });

  it('is 0 for features that are all zero', () => {
    const { cosines } = entanglement([output(0, [1], [0, 0]), output(1, [1], [1, 1])]);
    expect(cosines[0]).toEqual([0, 0]);
  });

  it('has probabilities that do not overflow', () => {
    expect([...softmax(Float32Array.of(1000, 1000, -1000))]).toEqual([0.5, 0.5, 0]);
  });
});

describe('transfer', () => {
  it('says whether another model sees the class, how sure it is and which place it gives', () => {
    expect(transfer(Float32Array.of(1, 5, 3), 1)).toMatchObject({
      predicted: 1,
      transfers: true,
      place: 1,
    });
    const lost = transfer(Float32Array.of(1, 5, 3), 0);
    expect(lost).toMatchObject({ predicted: 1, transfers: false, logit: 1, place: 3 });
    expect(lost.probability).toBeCloseTo(1 / (1 + Math.exp(4) + Math.exp(2)), 6);
  });

  it('finds the class by name under other labels', () => {
    expect(sameClass('Tench', ['goldfish', 'tench'])).toBe(1);
    expect(sameClass('crane', ['crane', 'crane'])).toBeUndefined();
    expect(sameClass('abaya', ['tench'])).toBeUndefined();
  });
});

describe('controls', () => {
  it('are one image of uniform noise and one of grey for each class, the same for a seed', () => {
    const controls = plainControls([3, 5], 10_000, 1);
    expect(controls.map(({ kind, classIndex }) => `${kind} ${classIndex}`)).toEqual([
      ...['noise 3', 'grey 3', 'noise 5', 'grey 5'],
    ]);
    const [noise, grey] = controls;
    expect(new Set(grey.pixels())).toEqual(new Set([0.5]));
    const drawn = noise.pixels();
    const mean = drawn.reduce((sum, x) => sum + x, 0) / 10_000;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance).toBeCloseTo(1 / 12, 2);
    expect(plainControls([3, 5], 10_000, 1)[0].pixels()).toEqual(drawn);
    expect(controls[2].pixels()).not.toEqual(drawn);
  });

  it('take no memory before they are asked for', () => {
    const before = memoryInUse().arrayBuffers;
    const controls = plainControls(
      Array.from({ length: 1000 }, (_, i) => i),
      10_000,
      1,
    );
    const taken = memoryInUse().arrayBuffers - before;
    expect(controls).toHaveLength(2000);
    expect(taken).toBeLessThan(4 * 10_000);
  });

  it('give every class the prototype of another', () => {
    const prototypes = [1, 2, 3].map((classIndex) => ({
      series: 'paper',
      kind: 'prototype' as const,
      classIndex,
      pixels: () => Float32Array.of(classIndex),
    }));
    expect(
      otherClassControls(prototypes).map(({ classIndex, pixels }) => [classIndex, pixels()[0]]),
    ).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    expect(otherClassControls(prototypes.slice(0, 1))).toEqual([]);
  });
});
