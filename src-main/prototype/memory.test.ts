import { expect, it } from 'vitest';
import { memoryInUse } from '../../test/support/memory.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { resolveConfiguration } from './configuration.ts';
import { tinyClassifier } from './fixture.ts';
import { PrototypeGenerator } from './generate.ts';

const MB = 2 ** 20;

it('keeps memory flat over 1,000 steps on onnxruntime', async () => {
  const engine = await openOnnxRuntime({ threads: 1 });
  const configuration = resolveConfiguration('paper', {
    ...{ steps: 200, snapshotEvery: 0, baseline: { enabled: false } },
  });
  const generator = await PrototypeGenerator.open(tinyClassifier(), engine, configuration);
  const jobs = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ classIndex: 1, prototype: from + i }));
  const onEvent = () => undefined;
  await generator.generate(jobs(0, 3), { onEvent });
  const before = memoryInUse();
  await generator.generate(jobs(3, 5), { onEvent });
  const after = memoryInUse();
  await generator.release();
  await engine.close();
  expect(after.rss - before.rss).toBeLessThan(48 * MB);
  expect(after.external - before.external).toBeLessThan(16 * MB);
});
