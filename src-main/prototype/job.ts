import { PrototypeError } from './errors.ts';
import { MAX_PROTOTYPES } from '../random/philox.ts';

/** One prototype to make. */
export interface Job {
  /** Class by its place among the logits, from 0. */
  readonly classIndex: number;
  /** Place among the prototypes of the class, from 0; each has random numbers of its own. */
  readonly prototype: number;
}

/** @throws PrototypeError `bad-job` when the classifier has no such class, or the number of the prototype is not one */
export function checkJob(job: Job, classes: number): void {
  const { classIndex, prototype } = job;
  if (!Number.isInteger(classIndex) || classIndex < 0 || classIndex >= classes) {
    throw new PrototypeError(
      'bad-job',
      `There is no class ${classIndex}; the model has the classes 0 to ${classes - 1}.`,
    );
  }
  if (!Number.isInteger(prototype) || prototype < 0 || prototype >= MAX_PROTOTYPES) {
    throw new PrototypeError(
      'bad-job',
      `${prototype} is not the number of a prototype; give a whole number from 0.`,
    );
  }
}
