import { describe, expect, it } from 'vitest';
import { formatPlace, formatSight, parsePlace, parseSight, start, type Place } from './address.ts';

const comparison: Place = {
  view: 'compare',
  auditId: 3,
  sights: [{ runId: 17 }, { runId: 18, stage: 'prototype', step: 448 }],
  options: { mode: 'swipe' },
};

describe('an address', () => {
  it('names the audit, the view, the pictures and the options', () => {
    expect(formatPlace(comparison)).toBe('#/3/compare/17,18@448?mode=swipe');
  });

  it('leads back to where it was written', () => {
    expect(parsePlace(formatPlace(comparison))).toEqual(comparison);
  });

  it('tells a step of the baseline from one of the prototype', () => {
    expect([parseSight('5@b6'), parseSight('5@6')]).toEqual([
      { runId: 5, stage: 'baseline', step: 6 },
      { runId: 5, stage: 'prototype', step: 6 },
    ]);
  });

  it('names a natural exemplar by model, class and place', () => {
    const sight = { exemplar: { modelId: 2, classIndex: 400, place: 0 } };
    expect([formatSight(sight), parseSight('x2.400.0')]).toEqual(['x2.400.0', sight]);
    expect(['x2.400', 'x2.400.01', 'x-2.400.0', '017'].map(parseSight)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  it('keeps words of a search that an address could trip over', () => {
    const options = { q: 'a/b & c=d?#ü,e' };
    expect(parsePlace(formatPlace({ ...start, options })).options).toEqual(options);
  });

  it.each(['', '#', '#/latest', '#/x/nowhere/1e9', '#///', '#audit=3'])(
    'leads to the gallery of the newest audit from “%s”',
    (hash) => {
      expect(parsePlace(hash)).toEqual(start);
    },
  );

  it('leaves out pictures that it cannot read', () => {
    expect(parsePlace('#/1/compare/1,two,-3,4@,5').sights).toEqual([{ runId: 1 }, { runId: 5 }]);
  });
});
