import type { Layer } from '../classifier/layers.ts';
import type { Cache } from './cache.ts';
import type { NaturalClass } from './natural.ts';
import type { Subject } from './subjects.ts';

/** Where a measurement stands. */
export interface SimilarityProgress {
  readonly phase: 'natural images' | 'subjects';
  readonly label: string;
  /** Steps of the whole measurement: each image counts twice, each subject once. */
  readonly done: number;
  readonly total: number;
}

export interface SimilarityOptions {
  /** In the order in which they are computed. */
  readonly layers: readonly Layer[];
  readonly classes: readonly NaturalClass[];
  /** Prototypes and the controls that need a model; noise and grey are added here. */
  readonly subjects: readonly Subject[];
  /** What is scored in place of noise and grey, which are no rows of a table. */
  readonly controls?: readonly Subject[];
  /** `predicted` by default: natural images count that the model itself classifies as the class. */
  readonly filter?: 'predicted' | 'labelled';
  /** Of noise and bootstrap; 0 by default. */
  readonly seed?: number;
  /** Bootstrap replicates; 1000 by default. */
  readonly resamples?: number;
  /** Where yardsticks are kept between runs; without one, in a temporary folder that is removed. */
  readonly cache?: Cache;
  /** Activations that may stay in memory between the two passes over a class, in bytes; 512 MB by default. */
  readonly keepBytes?: number;
  /** Threads that rank; by default one for each processor. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimilarityProgress) => void;
  /** Is told where parts of the network run elsewhere than the engine says, in one sentence. */
  readonly onNote?: (text: string) => void;
}
