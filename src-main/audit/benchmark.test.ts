import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, Executable } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { loadClassifier } from '../classifier/load.ts';
import { resourcePath } from '../resources.ts';
import { measureInTurn } from './benchmark.ts';
import { thisMachine } from './benchmark-machine.ts';

const cpu = await openOnnxRuntime({ threads: 1 });
afterAll(() => cpu.close());

/** The processor, whose network says that it computed for so long in each run. */
function slowed(computesMs: number, asked: string[], name: string): Engine {
  return {
    info: { ...cpu.info, provider: name },
    close: () => Promise.resolve(),
    async compile(graph): Promise<Executable> {
      const executable = await cpu.compile(graph);
      let computedMs = 0;
      return {
        compileMs: 0,
        get computedMs() {
          return computedMs;
        },
        release: () => executable.release(),
        run: async (feeds, into) => {
          asked.push(name);
          computedMs += computesMs;
          await new Promise((done) => setTimeout(done, computesMs));
          return executable.run(feeds, into);
        },
      };
    },
  };
}

describe('a measurement', () => {
  it('takes engines in turn, and says what each costs', async () => {
    const classifier = await loadClassifier(resourcePath('sample/balanced.onnx'));
    const asked: string[] = [];
    const engines = [slowed(2, asked, 'fast'), slowed(12, asked, 'slow')];
    const options = { rounds: 2, profile: 'paper', batches: [1, 2], readMs: 7 } as const;
    const [fast, slow] = await measureInTurn(classifier, engines, options);
    // Warming up, then two rounds: each engine is asked, left for the other, and asked again.
    const turns = asked.filter((name, i) => name !== asked[i - 1]);
    expect(turns.slice(0, 6)).toEqual(['fast', 'slow', 'fast', 'slow', 'fast', 'slow']);
    expect(slow.forwardMs).toBeGreaterThan(12);
    expect(fast.forwardMs).toBeGreaterThan(2);
    expect(slow.forwardMs).toBeGreaterThan(fast.forwardMs);
    for (const found of [fast, slow]) {
      expect(found.forwardLowMs).toBeLessThanOrEqual(found.forwardMs);
      expect(found.stepLowMs).toBeLessThanOrEqual(found.stepMs);
      expect(found.stepsPerSecond).toBeCloseTo(1000 / found.stepMs, 6);
      expect(found.shareOutsideNetwork).toBeGreaterThanOrEqual(0);
      expect(found.shareOutsideNetwork).toBeLessThan(1);
      expect(found.batches.map(({ batch }) => batch)).toEqual([1, 2]);
      for (const { stepMs, shareOutsideNetwork } of found.batches) {
        expect(stepMs).toBeGreaterThan(0);
        expect(shareOutsideNetwork).toBeGreaterThanOrEqual(0);
        expect(shareOutsideNetwork).toBeLessThan(1);
      }
      expect(found).toMatchObject({ readMs: 7, model: classifier.name, profile: 'paper' });
    }
  });

  it('tells of the machine what decides its speed, and nothing that names its owner', async () => {
    const machine = await thisMachine();
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memoryMB).toBeGreaterThan(100);
    expect(machine.system).toContain(process.arch);
    expect(machine.versions.node).toBe(process.versions.node);
  });
});
