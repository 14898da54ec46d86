import type { Entanglement } from '../../src-main/api/similarity.ts';

type Kind = 'probabilities' | 'cosines';

export interface Excerpt {
  readonly classes: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
  /** Classes that are not in it. */
  readonly left: number;
}

/** How much a class has to do with any other, as prototype or as what is seen. */
function worst(matrix: readonly (readonly (number | null)[])[], at: number): number {
  let most = -Infinity;
  for (let other = 0; other < matrix.length; other++) {
    if (other === at) continue;
    most = Math.max(most, matrix[at]?.[other] ?? -Infinity, matrix[other]?.[at] ?? -Infinity);
  }
  return most;
}

/** The part of a matrix that can be read: all of it, or the most entangled classes in their order. */
export function strongest(entanglement: Entanglement, kind: Kind, most: number): Excerpt {
  const matrix = entanglement[kind];
  const places = entanglement.classes
    .map((_, place) => ({ place, strength: worst(matrix, place) }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, most)
    .map(({ place }) => place)
    .sort((a, b) => a - b);
  return {
    classes: places.map((place) => entanglement.classes[place]),
    values: places.map((row) => places.map((column) => matrix[row]?.[column] ?? null)),
    left: entanglement.classes.length - places.length,
  };
}
