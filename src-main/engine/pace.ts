import { attr } from '../graph/attributes.ts';
import type { Node, TypedGraph, ValueType } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';
import type { Engine } from './engine.ts';

/** Eight images of 64 channels, 56 pixels a side, through four convolutions: the bulk of a ResNet. */
const IMAGES: ValueType = { dtype: 'float32', dims: [8, 64, 56, 56] };
const WEIGHTS: ValueType = { dtype: 'float32', dims: [64, 64, 3, 3] };
const LAYERS = ['a', 'b', 'c', 'd'];
const ROUNDS = 5;

function network(): TypedGraph {
  const weights = Float32Array.from({ length: 64 * 64 * 9 }, (_, i) => Math.sin(i * i) / 24);
  const nodes = LAYERS.map((name, i): Node => {
    const inputs = [LAYERS[i - 1] ?? 'x', 'w'];
    const attributes = { pads: attr.ints([1, 1, 1, 1]) };
    return { name, op: 'Conv', inputs, outputs: [name], attributes };
  });
  return {
    name: 'pace',
    inputs: [{ name: 'x', ...IMAGES }],
    outputs: [LAYERS.at(-1)],
    nodes,
    constants: new Map([['w', floats(WEIGHTS.dims, weights)]]),
    types: new Map([
      ['x', IMAGES],
      ['w', WEIGHTS],
      ...LAYERS.map((name) => [name, IMAGES] as const),
    ]),
  };
}

/** Median time in which an engine convolves some images, in milliseconds. The first run, which warms up, is left out. */
export async function pace(engine: Engine): Promise<number> {
  const executable = await engine.compile(network());
  const x = Float32Array.from({ length: 8 * 64 * 56 * 56 }, (_, i) => Math.sin(i));
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await executable.run({ x });
    if (round > 0) times.push(performance.now() - start);
  }
  await executable.release();
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}
