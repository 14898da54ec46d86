import { afterAll, describe, expect, it } from 'vitest';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { tinyClassifier, TINY } from './fixture.ts';
import { largestVariance, Objective } from './objective.ts';
import { Stream } from '../random/philox.ts';

const batch = 2;
const pixels = TINY.channels * TINY.height * TINY.width;
const engine = await openOnnxRuntime({ threads: 1 });
const objective = await Objective.compile(tinyClassifier(), engine, batch);
afterAll(() => objective.release());

function noise(length: number, address: number): Float32Array {
  const out = new Float32Array(length);
  new Stream(8, address, 0, 'start').normal(out, 1);
  return out;
}

const images = noise(batch * pixels, 1);
const none = new Float32Array(batch);
const nothing = new Float32Array(batch * TINY.classes);

function softmax(logits: Float32Array): number[] {
  const exps = Array.from(logits, (z) => Math.exp(z));
  const total = exps.reduce((sum, e) => sum + e, 0);
  return exps.map((e) => e / total);
}

describe('the objective', () => {
  it('knows its batch and the number of classes', () => {
    expect([objective.batch, objective.classes]).toEqual([batch, TINY.classes]);
  });

  it('gives the population variance of the probabilities of each image', async () => {
    const { logits, variance } = await objective.run(images, nothing, none);
    for (let n = 0; n < batch; n++) {
      const p = softmax(logits.subarray(n * TINY.classes, (n + 1) * TINY.classes));
      const mean = p.reduce((sum, value) => sum + value, 0) / p.length;
      const expected = p.reduce((sum, value) => sum + (value - mean) ** 2, 0) / p.length;
      expect(Math.abs(variance[n] - expected)).toBeLessThan(1e-6);
    }
  });

  it('differentiates weighted logits and weighted variances, as finite differences do', async () => {
    const logitWeights = noise(batch * TINY.classes, 2);
    const varianceWeight = Float32Array.of(30, -20);
    const value = async (at: Float32Array): Promise<number> => {
      const { logits, variance } = await objective.run(at, logitWeights, varianceWeight);
      const linear = logits.reduce((sum, z, i) => sum + logitWeights[i] * z, 0);
      return linear + variance.reduce((sum, v, n) => sum + varianceWeight[n] * v, 0);
    };
    const { gradient } = await objective.run(images, logitWeights, varianceWeight);
    for (let trial = 0; trial < 5; trial++) {
      const direction = noise(images.length, 10 + trial);
      const step = 1e-2;
      const up = await value(images.map((x, i) => x + step * direction[i]));
      const down = await value(images.map((x, i) => x - step * direction[i]));
      const slope = direction.reduce((sum, d, i) => sum + d * gradient[i], 0);
      expect(Math.abs((up - down) / (2 * step) - slope)).toBeLessThan(2e-2 * (1 + Math.abs(slope)));
    }
  });

  it('keeps images apart: a weight on one gives the other no gradient', async () => {
    const { gradient } = await objective.run(images, nothing, Float32Array.of(1, 0));
    expect(gradient.subarray(0, pixels).some((g) => g !== 0)).toBe(true);
    expect(gradient.subarray(pixels).every((g) => g === 0)).toBe(true);
  });

  it('scales the variance to the value of a one-hot output, (K − 1) / K²', async () => {
    const certain = await Objective.compile(tinyClassifier(1000), engine, 1);
    const { variance } = await certain.run(
      images.slice(0, pixels),
      nothing.slice(0, 5),
      none.slice(0, 1),
    );
    await certain.release();
    expect(variance[0]).toBeCloseTo(4 / 25, 5);
    expect(largestVariance(5)).toBeCloseTo(4 / 25, 12);
  });
});
