import type { Stream } from '../../random/philox.ts';

/**
 * How an image is made of parameters that an optimiser may move freely. The image lies in [0, 1] whatever they are.
 * One object serves any number of prototypes, but only one call at a time.
 */
export interface Parameterisation {
  /** Number of parameters. */
  readonly size: number;
  /** Fills `out` with the parameters of a random start. */
  init(stream: Stream, out: Float32Array): void;
  /** Overwrites `image`, planar [C, H, W], with the image in [0, 1] that the parameters stand for. */
  toImage(parameters: Float32Array, image: Float32Array): void | Promise<void>;
  /**
   * The vector-Jacobian product of `toImage` at the parameters that gave `image`.
   * @param image what `toImage` gave
   * @param gradient of the loss with respect to the image, planar [C, H, W]
   * @param out receives the gradient with respect to the parameters
   */
  adjoint(image: Float32Array, gradient: Float32Array, out: Float32Array): void | Promise<void>;
  /**
   * Moves an image that is done to the nearest one that can be; absent where every image can. The network sees both.
   */
  readonly settle?: ((image: Float32Array) => void) | undefined;
  /** Frees what it holds on the engine. */
  release(): Promise<void>;
}
