import type { Checkpoint, Stage, Timings } from './checkpoint.ts';
import type { PrototypeError } from './errors.ts';
import type { Job } from './job.ts';

/** The losses of method.md, section 2, each without its weight. */
export interface Losses {
  /** L_pv: variance of the probabilities over the classes. */
  readonly variance: number;
  /** L_c: minus the logit of the class. */
  readonly classLogit: number;
  /** L_hf of the image in [0, 1], by the kind that the configuration names; of a table the pull, see pull.ts. */
  readonly highFrequency: number;
}

/** What happened in a generation. In stage 2 logit and losses are those of the image as the network saw it, transformed. */
export type GenerationEvent =
  | {
      readonly type: 'step';
      readonly job: Job;
      readonly stage: Stage;
      /** Steps of this stage that were taken before. */
      readonly step: number;
      readonly logit: number;
      readonly losses: Losses;
    }
  | {
      /** The untransformed image at a step of stage 2; the first, at step 0, is the baseline image. */
      readonly type: 'snapshot';
      readonly job: Job;
      readonly step: number;
      readonly logit: number;
      readonly losses: Losses;
      /** Interleaved [H, W, C], 0 … 255. */
      readonly image: Uint8Array;
    }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint }
  | ({ readonly type: 'finished' } & Prototype)
  | {
      /** The job ended without a prototype; others go on. */
      readonly type: 'failed';
      readonly job: Job;
      readonly error: PrototypeError;
    };

/** An optimised image, and what the network says of it untransformed. */
export interface Prototype {
  readonly job: Job;
  /** False when the generation was stopped first: the image is the last one then, and a checkpoint came before. */
  readonly complete: boolean;
  /** Planar [C, H, W] in [0, 1]. */
  readonly image: Float32Array;
  /** All logits, [K]. */
  readonly logits: Float32Array;
  /** The logit of the class. */
  readonly logit: number;
  /** That before whole numbers and single categories were settled on; absent where there was nothing to settle. */
  readonly unsettledLogit?: number;
  readonly losses: Losses;
  /** Steps taken in stage 1. */
  readonly baselineSteps: number;
  /** Steps taken in stage 2. */
  readonly steps: number;
  /** Steps of stage 2 in which the gradient of the logit was exactly zero: the network did not react at all. */
  readonly stillSteps: number;
  readonly timings: Timings;
}

/** A planar image in [0, 1] as interleaved bytes, rounded to the nearest. */
export function toBytes(image: Float32Array, channels: number): Uint8Array {
  const size = image.length / channels;
  const bytes = new Uint8Array(image.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < size; i++) {
      bytes[i * channels + channel] = Math.round(255 * image[channel * size + i]);
    }
  }
  return bytes;
}
