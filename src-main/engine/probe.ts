import { attr } from '../graph/attributes.ts';
import { sizeOf, type TypedGraph, type ValueType } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { EngineError, type Engine } from './engine.ts';

/** Numbers between −1 and 1 without a pattern, always the same. */
export const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * i));

/**
 * A convolution with a padded kernel of waves: y [N, M, H, W] = x [N, C, H, W] ∗ w [M, C, 3, 3].
 * @param dims of x
 * @param channels M
 */
export function waveConvolution(dims: readonly number[], channels: number): TypedGraph {
  const [count, from, ...size] = dims;
  const kernel = [channels, from, 3, 3];
  const type = (of: readonly number[]): ValueType => ({ dtype: 'float32', dims: of });
  const pads = { pads: attr.ints([1, 1, 1, 1]) };
  return {
    name: 'probe',
    inputs: [{ name: 'x', dtype: 'float32', dims }],
    outputs: ['y'],
    nodes: [{ name: 'y', op: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: pads }],
    constants: new Map([['w', floats(kernel, wave(sizeOf(kernel)))]]),
    types: new Map([
      ['x', type(dims)],
      ['w', type(kernel)],
      ['y', type([count, channels, ...size])],
    ]),
  };
}

/** One that onnxruntime 1.30 computes wrongly on WebGPU in the layout that it prefers by itself. */
const IMAGES = [2, 6, 16, 16];
const CONVOLUTION = waveConvolution(IMAGES, 16);

/** Half precision, which a GPU may use, is a hundred times nearer than a wrong result. */
const TOLERANCE = 0.05;

/**
 * Whether an engine computes a convolution as another does.
 * @throws EngineError when it does not, or whatever it says when it cannot compute at all
 */
export async function probe(engine: Engine, reference: Engine): Promise<void> {
  const [ours, theirs] = await Promise.all([convolve(engine), convolve(reference)]);
  if (ours.some((value, i) => !(Math.abs(value - theirs[i]) <= TOLERANCE))) {
    throw new EngineError('its convolutions come out wrong.');
  }
}

async function convolve(engine: Engine): Promise<Float32Array> {
  const executable = await engine.compile(CONVOLUTION);
  const { y } = await executable.run({ x: wave(sizeOf(IMAGES)) });
  await executable.release();
  return y as Float32Array;
}
