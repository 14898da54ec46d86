import { expect, it } from 'vitest';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { drawAffine } from './affine.ts';
import { parseConfiguration } from './configuration.ts';
import type { GenerationEvent } from './events.ts';
import { tinyClassifier } from './fixture.ts';
import { PrototypeGenerator } from './generate.ts';
import given from './golden/method-input.json' with { type: 'json' };
import golden from './golden/method.json' with { type: 'json' };
import { Stream } from '../random/philox.ts';

const configuration = parseConfiguration(given.configuration);
const { job } = given;

it('draws the numbers that the golden run was given', () => {
  const stream = new Stream(configuration.seed, job.classIndex, job.prototype, 'affine');
  const draws = given.draws.map((_, step) => drawAffine(stream.seek(step), configuration.affine));
  expect(draws).toEqual(given.draws);
});

it('walks both stages of the method as PyTorch does', async () => {
  const engine = await openOnnxRuntime({ threads: 1 });
  const generator = await PrototypeGenerator.open(tinyClassifier(3), engine, configuration);
  const events: GenerationEvent[] = [];
  await generator.generate([job], { onEvent: (event) => void events.push(event) });
  await generator.release();
  const steps = events.filter((event) => event.type === 'step' && event.stage === 'prototype');
  steps.forEach((event, step) => {
    if (event.type === 'step') expect(event.logit).toBeCloseTo(golden.stepLogits[step], 3);
  });
  const made = events.find((event) => event.type === 'finished')!;
  expect(made.baselineSteps).toBe(golden.baselineSteps);
  expect(steps.length).toBe(golden.stepLogits.length);
  made.image.forEach((value, i) => expect(Math.abs(value - golden.image[i])).toBeLessThan(1e-4));
  made.logits.forEach((value, k) => expect(value).toBeCloseTo(golden.logits[k], 3));
});
