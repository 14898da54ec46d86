import { softmax } from './entanglement.ts';
import { largest } from './natural.ts';

/** What one model says of a prototype that another (or the same) model made. */
export interface Transfer {
  /** The class that the prototype was made for, as an index of the model that looks at it. */
  readonly classIndex: number;
  /** The class that the model sees. */
  readonly predicted: number;
  readonly transfers: boolean;
  readonly logit: number;
  /** Softmax probability of the class, in [0, 1]. */
  readonly probability: number;
  /** Place of the class among all by falling logit, from 1. */
  readonly place: number;
}

/** Does model B classify model A's prototype as the class that it was made for? @param logits of model B, one per class */
export function transfer(logits: Float32Array, classIndex: number): Transfer {
  const predicted = largest(logits);
  return {
    classIndex,
    predicted,
    transfers: predicted === classIndex,
    logit: logits[classIndex],
    probability: softmax(logits)[classIndex],
    place: 1 + logits.filter((logit) => logit > logits[classIndex]).length,
  };
}

/**
 * The same class under another model's labels: the index of the label with the same name, whatever the case.
 * @returns `undefined` where the other model does not know the class, or knows two of that name
 */
export function sameClass(label: string, labels: readonly string[]): number | undefined {
  const wanted = label.toLowerCase();
  const found = labels.flatMap((each, index) => (each.toLowerCase() === wanted ? [index] : []));
  return found.length === 1 ? found[0] : undefined;
}
