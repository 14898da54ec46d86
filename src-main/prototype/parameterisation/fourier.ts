import { Builder } from '../../graph/builder.ts';
import { close, differentiate } from '../../graph/differentiate.ts';
import type { Tensor, TypedGraph } from '../../graph/ir.ts';
import { floats } from '../../graph/tensor.ts';
import type { Engine, Executable } from '../../engine/engine.ts';
import type { ImageShape } from '../penalty.ts';
import type { Stream } from '../../random/philox.ts';
import { across, down, frequencies, halfWidth } from './dft.ts';
import type { Parameterisation } from './parameterisation.ts';

/**
 * A square root of the covariance of natural images' colours in ImageNet, divided by the largest norm of its columns:
 * rows are red, green and blue (Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017, section on
 * preconditioning; the figures are those of its published code). The first column is brightness.
 */
const COLOUR_ROOT = [0.26, 0.09, 0.02, 0.27, 0, -0.05, 0.27, -0.09, 0.03];
const COLOUR_NORM = Math.hypot(0.26, 0.27, 0.27);

/** Divides every image before the colours are mixed, as the published code of Olah et al. does. */
const CONTRAST = 1 / 4;

/**
 * Half-spectrum coefficients, scaled by 1/f, in decorrelated colours, then the logistic function (Olah et al. 2017).
 * The transform is a product with fixed matrices, which an engine runs; its adjoint is the transposed product.
 */
export class Fourier implements Parameterisation {
  readonly size: number;
  readonly #forward: Transform;
  readonly #backward: Transform;
  readonly #deviation: number;

  private constructor(size: number, forward: Executable, backward: Executable, deviation: number) {
    this.size = size;
    this.#forward = new Transform(forward);
    this.#backward = new Transform(backward);
    this.#deviation = deviation;
  }

  /**
   * @param deviation standard deviation of the normal noise that the coefficients of a start are
   * @param atOnce as `Engine.compile`
   */
  static async compile(
    engine: Engine,
    shape: ImageShape,
    deviation: number,
    atOnce?: number,
  ): Promise<Fourier> {
    const forward = await engine.compile(forwardGraph(shape), atOnce);
    const backward = await engine.compile(backwardGraph(shape), atOnce);
    const size = shape.channels * 2 * shape.height * halfWidth(shape.width);
    return new Fourier(size, forward, backward, deviation);
  }

  init(stream: Stream, out: Float32Array): void {
    stream.normal(out, this.#deviation);
  }

  toImage(parameters: Float32Array, image: Float32Array): Promise<void> {
    return this.#forward.run({ coefficients: parameters }, image);
  }

  adjoint(image: Float32Array, gradient: Float32Array, out: Float32Array): Promise<void> {
    return this.#backward.run({ image, gradient }, out);
  }

  async release(): Promise<void> {
    await this.#forward.release();
    await this.#backward.release();
  }
}

/** A graph with one output. */
class Transform {
  readonly #executable: Executable;
  /** Results that were copied: the next runs write into their memory. */
  readonly #spare: Awaited<ReturnType<Executable['run']>>[] = [];

  constructor(executable: Executable) {
    this.#executable = executable;
  }

  /** Overwrites `out` with the output. */
  async run(feeds: Readonly<Record<string, Float32Array>>, out: Float32Array): Promise<void> {
    const results = await this.#executable.run(feeds, this.#spare.pop());
    out.set(Object.values(results)[0] as Float32Array);
    this.#spare.push(results);
  }

  release(): Promise<void> {
    return this.#executable.release();
  }
}

/** Coefficients [C, 2H, K] to the image [C, H, W]. */
function forwardGraph(shape: ImageShape): TypedGraph {
  const build = new Builder('fourier.');
  const linear = transform(build, shape);
  const image = build.add('Sigmoid', [linear]);
  return graphOf('fourier', build, ['coefficients'], image);
}

/** Image and gradient with respect to it, both [C, H, W], to the gradient of the coefficients [C, 2H, K]. */
function backwardGraph(shape: ImageShape): TypedGraph {
  const build = new Builder('fourier.');
  const linear = transform(build, shape);
  const dims = [shape.channels, shape.height, shape.width];
  build.types.set('image', { dtype: 'float32', dims });
  build.types.set('gradient', { dtype: 'float32', dims });
  const slope = build.add('Mul', ['image', build.add('Sub', [build.scalar(1), 'image'])]);
  const seed = build.add('Mul', ['gradient', slope]);
  const [result] = differentiate(NOTHING, build, new Map([[linear, seed]]), ['coefficients']);
  return graphOf('fourier-adjoint', build, ['image', 'gradient'], result);
}

/** The linear part: scaling by 1/f, the inverse Fourier transform, contrast and colours. */
function transform(build: Builder, shape: ImageShape): string {
  const { channels, height, width } = shape;
  const half = halfWidth(width);
  build.types.set('coefficients', { dtype: 'float32', dims: [channels, 2 * height, half] });
  const scaled = build.add('Mul', ['coefficients', build.constant(scale(shape))]);
  const columns = build.add('MatMul', [build.constant(down(height)), scaled]);
  const rows = build.reshape(columns, [channels * height, 2 * half]);
  const planes = build.add('MatMul', [rows, build.constant(across(width))]);
  if (channels !== 3) return build.reshape(planes, [channels, height, width]);
  const flat = build.reshape(planes, [channels, height * width]);
  const root = floats(
    [3, 3],
    COLOUR_ROOT.map((value) => value / COLOUR_NORM),
  );
  return build.reshape(build.add('MatMul', [build.constant(root), flat]), [
    channels,
    height,
    width,
  ]);
}

/**
 * Scale of each coefficient, [2H, K]: 1 / max(f, 1 / max(H, W)) times √(H W), so that the contrast of a start does
 * not depend on the size; the 1 / (H W) of the inverse transform is in it too.
 */
function scale({ height, width }: ImageShape): Tensor {
  const half = halfWidth(width);
  const lowest = 1 / Math.max(height, width);
  const factor = (Math.sqrt(height * width) / (height * width)) * CONTRAST;
  const scales = frequencies(height, width).map((f) => factor / Math.max(f, lowest));
  const values = Float32Array.from({ length: 2 * height * half }, (_, i) => {
    const row = Math.floor(i / half);
    return scales[Math.floor(row / 2) * half + (i % half)];
  });
  return floats([2 * height, half], values);
}

const NOTHING: TypedGraph = {
  name: '',
  inputs: [],
  outputs: [],
  nodes: [],
  constants: new Map(),
  types: new Map(),
};

/** The part of what a builder made that `output` needs. */
function graphOf(
  name: string,
  build: Builder,
  inputs: readonly string[],
  output: string,
): TypedGraph {
  const typed = inputs.map((input) => ({ name: input, ...build.type(input) }));
  return close({ ...NOTHING, name, inputs: typed }, build, [output]);
}
