import type { Operator } from '../operator.ts';
import { unsupported } from '../errors.ts';
import { arithmeticFunctions } from './arithmetic-functions.ts';
import { variadicArithmetic } from './arithmetic-variadic.ts';
import { arithmetic } from './arithmetic.ts';
import { clips } from './activation-clip.ts';
import { rectifiers } from './activation-rectifier.ts';
import { smoothActivations } from './activation-smooth.ts';
import { casts } from './cast.ts';
import { choices } from './comparison-where.ts';
import { comparisons } from './comparison.ts';
import { cumulations } from './cumulation.ts';
import { summations } from './einsum.ts';
import { generalProducts } from './matmul-gemm.ts';
import { products } from './matmul.ts';
import { reductionOperators } from './reduction.ts';
import { softmaxes } from './softmax.ts';
import { concatenations } from './concatenation.ts';
import { expansions } from './expansion.ts';
import { gathers } from './gather.ts';
import { paddings } from './padding.ts';
import { reshapes } from './reshape.ts';
import { shapes } from './shape.ts';
import { slices } from './slice.ts';
import { transpositions } from './transposition.ts';
import { triangles } from './triangle.ts';
import { convolutions } from './convolution.ts';
import { localResponses } from './local-response.ts';
import { maxPoolings } from './max-pooling.ts';
import { normalisations } from './normalisation.ts';
import { poolings } from './pooling.ts';
import { resizes } from './resize.ts';
import { transposedConvolutions } from './transposed-convolution.ts';

const families: readonly (readonly Operator[])[] = [
  arithmetic,
  arithmeticFunctions,
  variadicArithmetic,
  rectifiers,
  clips,
  smoothActivations,
  softmaxes,
  comparisons,
  choices,
  casts,
  reductionOperators,
  cumulations,
  products,
  generalProducts,
  summations,
  concatenations,
  expansions,
  gathers,
  paddings,
  reshapes,
  shapes,
  slices,
  transpositions,
  triangles,
  convolutions,
  transposedConvolutions,
  maxPoolings,
  poolings,
  normalisations,
  localResponses,
  resizes,
];

const byName = new Map(families.flat().map((operator) => [operator.name, operator]));

/** Names of all operators that Eidoscope reads, in alphabetical order. */
export const supportedOperators: readonly string[] = [...byName.keys()].sort();

export function isSupported(name: string): boolean {
  return byName.has(name);
}

/** The operator of that name. @throws GraphError `unsupported-operator` when there is none. */
export function operatorOf(name: string): Operator {
  const found = byName.get(name);
  if (!found) throw unsupported(name);
  return found;
}
