import { afterAll, describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../../engine/onnxruntime.ts';
import type { ImageShape } from '../penalty.ts';
import { Stream } from '../../random/philox.ts';
import { Fourier } from './fourier.ts';

const engine = await openOnnxRuntime({ threads: 1 });
const opened: Fourier[] = [];
afterAll(async () => {
  for (const fourier of opened) await fourier.release();
});

async function open(shape: ImageShape): Promise<Fourier> {
  const fourier = await Fourier.compile(engine, shape, 0.01);
  opened.push(fourier);
  return fourier;
}

function noise(length: number, deviation: number, address: number): Float32Array {
  const out = new Float32Array(length);
  new Stream(5, address, 0, 'start').normal(out, deviation);
  return out;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** The real inverse transform term by term: sum over the half spectrum, with the mirrored half where it is not stored. */
function direct(
  coefficients: Float32Array,
  { height, width }: ImageShape,
  channel: number,
): number[] {
  const half = Math.floor(width / 2) + 1;
  const plane = channel * 2 * height * half;
  return Array.from({ length: height * width }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    let total = 0;
    for (let v = 0; v < height; v++) {
      for (let u = 0; u < half; u++) {
        const f = Math.hypot(Math.min(v, height - v) / height, u / width);
        const scale = Math.sqrt(height * width) / Math.max(f, 1 / Math.max(height, width)) / 4;
        const angle = 2 * Math.PI * ((v * y) / height + (u * x) / width);
        const real = coefficients[plane + 2 * v * half + u];
        const imaginary = coefficients[plane + (2 * v + 1) * half + u];
        const count = u === 0 || 2 * u === width ? 1 : 2;
        total += count * scale * (real * Math.cos(angle) - imaginary * Math.sin(angle));
      }
    }
    return total / (height * width);
  });
}

const shapes: readonly ImageShape[] = [
  { channels: 1, height: 8, width: 6 },
  { channels: 1, height: 5, width: 7 },
  { channels: 1, height: 4, width: 1 },
  { channels: 3, height: 7, width: 4 },
];

describe.each(shapes)('the Fourier parameterisation of %j', (shape) => {
  it('is the inverse transform of the scaled coefficients in mixed colours, then the logistic function', async () => {
    const fourier = await open(shape);
    const coefficients = noise(fourier.size, 1, 1);
    const image = new Float32Array(shape.channels * shape.height * shape.width);
    await fourier.toImage(coefficients, image);
    const planes = Array.from({ length: shape.channels }, (_, channel) =>
      direct(coefficients, shape, channel),
    );
    const root = [
      [0.26, 0.09, 0.02],
      [0.27, 0, -0.05],
      [0.27, -0.09, 0.03],
    ].map((row) => row.map((value) => value / Math.hypot(0.26, 0.27, 0.27)));
    const size = shape.height * shape.width;
    image.forEach((value, i) => {
      const [channel, pixel] = [Math.floor(i / size), i % size];
      const mixed =
        shape.channels === 1
          ? planes[0][pixel]
          : planes.reduce((sum, plane, k) => sum + root[channel][k] * plane[pixel], 0);
      expect(Math.abs(value - logistic(mixed))).toBeLessThan(1e-6);
    });
  });

  it('has an adjoint that agrees with finite differences: <J d, g> = <d, Jᵀ g>', async () => {
    const fourier = await open(shape);
    const pixels = shape.channels * shape.height * shape.width;
    const at = noise(fourier.size, 0.5, 2);
    const direction = noise(fourier.size, 1, 3);
    const gradient = noise(pixels, 1, 4);
    const [image, up, down] = [0, 1, 2].map(() => new Float32Array(pixels));
    const step = 1e-2;
    await fourier.toImage(at, image);
    await fourier.toImage(
      at.map((value, i) => value + step * direction[i]),
      up,
    );
    await fourier.toImage(
      at.map((value, i) => value - step * direction[i]),
      down,
    );
    const out = new Float32Array(fourier.size);
    await fourier.adjoint(image, gradient, out);
    const left = gradient.reduce((sum, g, i) => sum + (g * (up[i] - down[i])) / (2 * step), 0);
    const right = direction.reduce((sum, d, i) => sum + d * out[i], 0);
    expect(Math.abs(left - right)).toBeLessThan(2e-3 * (1 + Math.abs(left)));
  });
});

describe('a start', () => {
  it('has the same contrast at any size', async () => {
    const contrast = async (side: number): Promise<number> => {
      const fourier = await open({ channels: 1, height: side, width: side });
      const parameters = new Float32Array(fourier.size);
      fourier.init(new Stream(1, 0, 0, 'start'), parameters);
      const image = new Float32Array(side * side);
      await fourier.toImage(parameters, image);
      const mean = image.reduce((sum, x) => sum + x, 0) / image.length;
      return Math.sqrt(image.reduce((sum, x) => sum + (x - mean) ** 2, 0) / image.length);
    };
    const [small, large] = [await contrast(16), await contrast(64)];
    expect(large / small).toBeGreaterThan(0.5);
    expect(large / small).toBeLessThan(2);
  });
});
