import type { Stream } from '../../random/philox.ts';
import type { Parameterisation } from './parameterisation.ts';
import { sigmoid, sigmoidAdjoint } from './sigmoid.ts';

/** One parameter a pixel and channel, kept in [0, 1] by the logistic function. */
export class Pixels implements Parameterisation {
  readonly size: number;
  readonly #deviation: number;

  /**
   * @param size number of values of an image, C · H · W
   * @param deviation standard deviation of the normal noise that a start is, before the logistic function
   */
  constructor(size: number, deviation: number) {
    this.size = size;
    this.#deviation = deviation;
  }

  init(stream: Stream, out: Float32Array): void {
    stream.normal(out, this.#deviation);
  }

  toImage(parameters: Float32Array, image: Float32Array): void {
    sigmoid(parameters, image);
  }

  adjoint(image: Float32Array, gradient: Float32Array, out: Float32Array): void {
    sigmoidAdjoint(image, gradient, out);
  }

  async release(): Promise<void> {}
}
