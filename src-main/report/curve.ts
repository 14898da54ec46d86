import type { Curve, NaturalLayer } from '../api/similarity.ts';
import type {
  Band,
  NaturalLayer as Measured,
  SubjectLayer,
  SubjectSimilarity,
  Variants,
} from '../similarity/result.ts';
import { figure } from './figure.ts';

/** Both variants of something, each turned into what an answer holds. */
export const both = <T, U>({ full, pooled }: Variants<T>, turn: (value: T) => U) => ({
  full: turn(full),
  pooled: turn(pooled),
});

const bandOf = ({ mean, quantiles: [q05, q25, q50, q75, q95] }: Band) => ({
  mean: figure(mean),
  quantiles: [figure(q05), figure(q25), figure(q50), figure(q75), figure(q95)] as const,
});

export const naturalLayerOf = (layer: Variants<Measured>): NaturalLayer =>
  both(layer, (found) => ({
    spearman: bandOf(found.spearman),
    l1: bandOf(found.l1),
    leaveOneOutSpearman: bandOf(found.leaveOneOutSpearman),
    leaveOneOutL1: bandOf(found.leaveOneOutL1),
    same: figure(found.same),
    different: figure(found.different),
  }));

const pointOf = ({ spearman, l1, normalised }: SubjectLayer) => ({
  spearman: figure(spearman),
  l1: figure(l1),
  normalised: figure(normalised),
});

/** How a subject fares, layer by layer. */
export const curveOf = ({ series, kind, layers }: SubjectSimilarity): Curve => ({
  series,
  kind,
  layers: layers.map((layer) => both(layer, pointOf)),
});
