import { preprocess, preprocessAdjoint, type Preprocess } from '../classifier/preprocess.ts';
import { AffineSampler, drawAffine, type AffineRanges } from './affine.ts';
import type { Job } from './job.ts';
import type { ImageShape } from './penalty.ts';
import { Stream } from './philox.ts';

/**
 * How the network sees the image of one prototype: preprocessed, and at a step of stage 2 under that step's affine
 * map. Outside the image it sees 0 after preprocessing, the mean colour.
 */
export class View {
  readonly #preprocess: Preprocess;
  readonly #ranges: AffineRanges | undefined;
  readonly #stream: Stream;
  readonly #plain: Float32Array;
  /** Two tables, as the next step's is worked out while this step's is still needed for the adjoint. */
  readonly #samplers: readonly AffineSampler[];
  readonly #prepared = [-1, -1];

  /** @param ranges of the affine map; `undefined` for none */
  constructor(
    shape: ImageShape,
    toNetwork: Preprocess,
    ranges: AffineRanges | undefined,
    seed: number,
    job: Job,
  ) {
    this.#preprocess = toNetwork;
    this.#ranges = ranges;
    this.#stream = new Stream(seed, job.classIndex, job.prototype, 'affine');
    this.#plain = new Float32Array(ranges ? shape.channels * shape.height * shape.width : 0);
    const sampler = (): AffineSampler => new AffineSampler(shape.height, shape.width);
    this.#samplers = ranges ? [sampler(), sampler()] : [];
  }

  /** Works out the affine map of a step, unless it has been: it needs neither image nor gradient. */
  prepare(step: number): void {
    if (!this.#ranges || this.#prepared[step % 2] === step) return;
    this.#samplers[step % 2].prepare(drawAffine(this.#stream.seek(step), this.#ranges));
    this.#prepared[step % 2] = step;
  }

  /** Writes the image as the network sees it untransformed. */
  straight(image: Float32Array, out: Float32Array): void {
    preprocess(this.#preprocess, image, out);
  }

  /** Adds the gradient with respect to the image that `straight` saw to `out`. */
  straightAdjoint(gradient: Float32Array, out: Float32Array): void {
    preprocessAdjoint(this.#preprocess, gradient, out);
  }

  /** Writes the image as the network sees it at a step of stage 2. */
  transformed(step: number, image: Float32Array, out: Float32Array): void {
    if (!this.#ranges) return this.straight(image, out);
    this.prepare(step);
    preprocess(this.#preprocess, image, this.#plain);
    this.#samplers[step % 2].apply(this.#plain, out);
  }

  /** Adds the gradient with respect to the image that `transformed` saw at that step to `out`. */
  transformedAdjoint(step: number, gradient: Float32Array, out: Float32Array): void {
    if (!this.#ranges) return this.straightAdjoint(gradient, out);
    this.#samplers[step % 2].adjoint(gradient, this.#preprocess.gain, out);
  }
}
