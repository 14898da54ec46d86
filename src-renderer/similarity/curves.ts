import type { ClassPath } from '../../src-main/api/prototype.ts';
import type { Curve, ModelSimilarity } from '../../src-main/api/similarity.ts';
import { subjectName } from '../glossary/names.ts';
import { lookOf, naturalLook, type Line } from '../kit/lines.ts';

export const measures = ['normalised', 'spearman', 'l1'] as const;
export type Measure = (typeof measures)[number];
export type Variant = 'pooled' | 'full';

export const measureNames: Readonly<Record<Measure, string>> = {
  normalised: 'Normalised',
  spearman: 'Spearman ρ',
  l1: 'L1',
};

const curveLine = (curve: Curve, measure: Measure, variant: Variant): Line => ({
  name: subjectName(curve),
  values: curve.layers.map((layer) => layer[variant][measure]),
  look: lookOf(curve),
});

/** Natural images are 1 by the definition of normalised similarity, and strangers 0. */
const yardsticks = (layers: number): Line[] => [
  { name: 'own class = 1', values: Array<number>(layers).fill(1), look: naturalLook },
  {
    ...{ name: 'stranger = 0', values: Array<number>(layers).fill(0) },
    look: { ...naturalLook, width: 1, dash: [2, 2] },
  },
];

/** One class: the prototype, its controls, and the band of its natural images. */
export function classLines(
  path: ClassPath,
  measure: Measure,
  variant: Variant,
  name = 'natural images',
): Line[] {
  const curves = [path.prototype, ...path.controls].filter((curve) => curve !== undefined);
  const lines = curves.map((curve) => curveLine(curve, measure, variant));
  if (measure === 'normalised') return [...yardsticks(path.layers.length), ...lines];
  const bands = path.natural.map((layer) => layer[variant][measure]);
  const natural: Line = {
    name,
    values: bands.map(({ mean }) => mean),
    look: naturalLook,
    band: {
      low: bands.map(({ quantiles }) => quantiles[0]),
      high: bands.map(({ quantiles }) => quantiles[4]),
    },
  };
  return bands.length > 0 ? [natural, ...lines] : lines;
}

/** A model: means over its classes. */
export function modelLines(
  model: ModelSimilarity,
  measure: Measure,
  variant: Variant,
  name = 'natural images',
): Line[] {
  const lines = model.curves.map((curve) => curveLine(curve, measure, variant));
  if (measure === 'normalised') return [...yardsticks(model.layers.length), ...lines];
  const values = model.natural.map((layer) => layer[variant][measure]);
  return [{ name, values, look: naturalLook }, ...lines];
}
