import type { Operator } from '../operator.ts';
import { unsupported } from '../errors.ts';
import { convolutions } from './convolution.ts';
import { localResponses } from './local-response.ts';
import { maxPoolings } from './max-pooling.ts';
import { normalisations } from './normalisation.ts';
import { poolings } from './pooling.ts';
import { resizes } from './resize.ts';
import { transposedConvolutions } from './transposed-convolution.ts';

const families: readonly (readonly Operator[])[] = [
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
