/** What a prototype makes its own model say, for one class. */
export interface PrototypeOutput {
  readonly classIndex: number;
  /** One logit per class. */
  readonly logits: Float32Array;
  /** Activations before the last linear layer, flattened. */
  readonly features: Float32Array;
}

/** Two classes whose prototypes look alike to the model. */
export interface EntangledPair {
  readonly a: number;
  readonly b: number;
  /** Cosine of the penultimate features of the two prototypes, in [−1, 1]; 0 where one is zero. */
  readonly cosine: number;
  /** The larger of the probability of b on a's prototype and of a on b's, in [0, 1]. */
  readonly probability: number;
  /** Whether the reviewer expects the two to be alike, such as academic gown and mortarboard. */
  readonly expected: boolean;
}

export interface Entanglement {
  /** Classes by row and column of the matrices. */
  readonly classes: readonly number[];
  /** Logits of all classes of the model, row by prototype. */
  readonly logits: readonly Float32Array[];
  /** Softmax of the logits. */
  readonly probabilities: readonly Float32Array[];
  /** Cosines of penultimate features, symmetric. */
  readonly cosines: readonly (readonly number[])[];
  /** Every pair once: unexpected ones first, by falling cosine. */
  readonly pairs: readonly EntangledPair[];
}

/** @param expected pairs of class indices that are known to be alike, in any order */
export function entanglement(
  outputs: readonly PrototypeOutput[],
  expected: readonly (readonly [number, number])[] = [],
): Entanglement {
  const probabilities = outputs.map(({ logits }) => softmax(logits));
  const cosines = outputs.map((a) => outputs.map((b) => cosine(a.features, b.features)));
  const known = new Set(expected.map(([a, b]) => pairKey(a, b)));
  const pairs = outputs.flatMap(({ classIndex: a }, i) =>
    outputs.slice(i + 1).map(({ classIndex: b }, offset): EntangledPair => {
      const j = i + 1 + offset;
      const probability = Math.max(probabilities[i][b], probabilities[j][a]);
      return { a, b, cosine: cosines[i][j], probability, expected: known.has(pairKey(a, b)) };
    }),
  );
  pairs.sort((x, y) => Number(x.expected) - Number(y.expected) || y.cosine - x.cosine);
  return {
    classes: outputs.map(({ classIndex }) => classIndex),
    logits: outputs.map(({ logits }) => logits),
    probabilities,
    cosines,
    pairs,
  };
}

/** Probabilities from logits, computed from the largest down so that none overflows. */
export function softmax(logits: Float32Array): Float32Array {
  const top = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    squareA += a[i] * a[i];
    squareB += b[i] * b[i];
  }
  return squareA * squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}

const pairKey = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;
