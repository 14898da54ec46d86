import type { Preprocess } from '../classifier/preprocess.ts';
import { AffineSampler, drawAffine, type AffineRanges } from './affine.ts';
import type { Job } from './job.ts';
import { type Arena, kernelsOf } from './kernels/arena.ts';
import type { ImageShape } from './penalty.ts';
import { Stream } from '../random/philox.ts';

/**
 * How the network sees the image of one prototype: preprocessed, and at a step of stage 2 under that step's affine
 * map. Outside the image it sees 0 after preprocessing, the mean colour. Arrays lie in the view's arena.
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
    arena: Arena,
    shape: ImageShape,
    toNetwork: Preprocess,
    ranges: AffineRanges | undefined,
    seed: number,
    job: Job,
  ) {
    this.#preprocess = toNetwork;
    this.#ranges = ranges;
    this.#stream = new Stream(seed, job.classIndex, job.prototype, 'affine');
    this.#plain = arena.floats(ranges ? shape.channels * shape.height * shape.width : 0);
    const sampler = (): AffineSampler => new AffineSampler(arena, shape.height, shape.width);
    this.#samplers = ranges ? [sampler(), sampler()] : [];
  }

  /** Lengths of the arrays that a view with an affine map takes of its arena. */
  static lengths({ channels, height, width }: ImageShape): readonly number[] {
    const table = AffineSampler.size(height, width);
    return [channels * height * width, table, table];
  }

  /** Works out the affine map of a step, unless it has been: it needs neither image nor gradient. */
  prepare(step: number): void {
    if (!this.#ranges || this.#prepared[step % 2] === step) return;
    this.#samplers[step % 2].prepare(drawAffine(this.#stream.seek(step), this.#ranges));
    this.#prepared[step % 2] = step;
  }

  /** Writes the image as the network sees it untransformed. */
  straight(image: Float32Array, out: Float32Array): void {
    const { gain, offset } = this.#preprocess;
    const size = image.length / gain.length;
    for (let channel = 0; channel < gain.length; channel++) {
      const [from, to] = [image, out].map(({ byteOffset }) => byteOffset + 4 * channel * size);
      kernelsOf(image).line(size, gain[channel], offset[channel], from, to);
    }
  }

  /** Adds the gradient with respect to the image that `straight` saw to `out`. */
  straightAdjoint(gradient: Float32Array, out: Float32Array): void {
    const { gain } = this.#preprocess;
    const size = gradient.length / gain.length;
    for (let channel = 0; channel < gain.length; channel++) {
      const [from, to] = [gradient, out].map(({ byteOffset }) => byteOffset + 4 * channel * size);
      kernelsOf(gradient).addLine(size, gain[channel], from, to);
    }
  }

  /** Writes the image as the network sees it at a step of stage 2. */
  transformed(step: number, image: Float32Array, out: Float32Array): void {
    if (!this.#ranges) return this.straight(image, out);
    this.prepare(step);
    this.straight(image, this.#plain);
    this.#samplers[step % 2].apply(this.#plain, out);
  }

  /** Adds the gradient with respect to the image that `transformed` saw at that step to `out`. */
  transformedAdjoint(step: number, gradient: Float32Array, out: Float32Array): void {
    if (!this.#ranges) return this.straightAdjoint(gradient, out);
    this.#samplers[step % 2].adjoint(gradient, this.#preprocess.gain, out);
  }
}
