import { expect, test } from 'vitest';
import type { TensorData } from '../graph/ir.ts';
import type { Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';
import { probe } from './probe.ts';

/** The engine with one number of each result changed. */
function disturbed(engine: Engine, by: number): Engine {
  return {
    info: engine.info,
    close: () => engine.close(),
    async compile(graph) {
      const executable = await engine.compile(graph);
      const run = async (feeds: Readonly<Record<string, TensorData>>) => {
        const results = await executable.run(feeds);
        for (const result of Object.values(results)) result[77] = (result[77] as number) + by;
        return results;
      };
      return { ...executable, compileMs: 0, run, release: () => executable.release() };
    },
  };
}

test('an engine that computes like the CPU passes, also in lower precision', async () => {
  const cpu = await openOnnxRuntime();
  await expect(probe(cpu, cpu)).resolves.toBeUndefined();
  await expect(probe(disturbed(cpu, 0.01), cpu)).resolves.toBeUndefined();
});

test.each([0.2, NaN])('an engine whose convolution is off by %d does not', async (by) => {
  const cpu = await openOnnxRuntime();
  await expect(probe(disturbed(cpu, by), cpu)).rejects.toThrow('its convolutions come out wrong.');
});
