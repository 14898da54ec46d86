import { attr } from '../graph/attributes.ts';
import type { TypedGraph, ValueType } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import { EngineError, type Engine } from './engine.ts';

const INPUT = { dtype: 'float32', dims: [2, 6, 16, 16] } as const;
const WEIGHTS = { dtype: 'float32', dims: [16, 6, 3, 3] } as const;

/** Numbers between −1 and 1 without a pattern, always the same. */
const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * i));

/** A convolution that onnxruntime 1.30 computes wrongly on WebGPU in the layout that it prefers by itself. */
const CONVOLUTION: TypedGraph = {
  name: 'probe',
  inputs: [{ name: 'x', ...INPUT }],
  outputs: ['y'],
  nodes: [
    {
      name: 'y',
      op: 'Conv',
      inputs: ['x', 'w'],
      outputs: ['y'],
      attributes: { pads: attr.ints([1, 1, 1, 1]) },
    },
  ],
  constants: new Map([['w', floats(WEIGHTS.dims, wave(16 * 6 * 3 * 3))]]),
  types: new Map<string, ValueType>([
    ['x', INPUT],
    ['w', WEIGHTS],
    ['y', { dtype: 'float32', dims: [2, 16, 16, 16] }],
  ]),
};

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
  const { y } = await executable.run({ x: wave(2 * 6 * 16 * 16) });
  await executable.release();
  return y as Float32Array;
}
