import { expect, it } from 'vitest';
import type { ClassPath } from '../../src-main/api/prototype.ts';
import { classLines } from './curves.ts';

const layer = (value: number) => ({ spearman: value, l1: 1 - value, normalised: value * 2 });
const curve = (series: string, kind: string) => ({
  ...{ series, kind },
  layers: [{ full: layer(0.5), pooled: layer(0.25) }],
});
const band = {
  mean: 0.6,
  quantiles: [0.1, 0.2, 0.3, 0.4, 0.9] as [number, number, number, number, number],
};
const natural = {
  ...{ spearman: band, l1: band, leaveOneOutSpearman: band, leaveOneOutL1: band },
  ...{ same: 0.5, different: 0.1 },
};
const path: ClassPath = {
  ...{ layers: ['conv1'], evidence: 'sufficient', given: 12, naturalImages: 12 },
  natural: [{ full: natural, pooled: natural }],
  prototype: curve('paper', 'prototype'),
  controls: [curve('grey', 'grey')],
};

it('draws a prototype only together with its controls and its natural band', () => {
  const lines = classLines(path, 'spearman', 'pooled');
  expect(lines.map(({ name, values }) => [name, values[0]])).toEqual([
    ['natural images', 0.6],
    ['prototype, paper', 0.25],
    ['grey image', 0.25],
  ]);
  expect(lines[0].band).toEqual({ low: [0.1], high: [0.9] });
});

it('shows where own class and stranger lie on the normalised scale', () => {
  const lines = classLines(path, 'normalised', 'full');
  expect(lines.map(({ values }) => values[0])).toEqual([1, 0, 1, 1]);
});

it('gives every line of a chart a look of its own, colour aside', () => {
  const others = ['paper', 'fourier'].map((profile) => curve(`${profile}, 3`, 'other-class'));
  const controls = [...['noise', 'grey', 'plain'].map((kind) => curve(kind, kind)), ...others];
  const looks = classLines({ ...path, controls }, 'spearman', 'full').map(
    ({ look: { dash, mark } }) => `${dash.join(' ')} ${String(mark)}`,
  );
  expect(new Set(looks).size).toBe(looks.length);
});
