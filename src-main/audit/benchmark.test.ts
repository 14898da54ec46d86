import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Clock, timed } from '../../test/support/clock.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { loadClassifier } from '../classifier/load.ts';
import { resourcePath } from '../resources.ts';
import { measureInTurn } from './benchmark.ts';
import { thisMachine } from './benchmark-machine.ts';

const cpu = await openOnnxRuntime({ threads: 1 });
afterAll(() => cpu.close());

describe('a measurement', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = new Clock();
  });
  afterEach(() => clock.restore());

  it('takes engines in turn, and says what each costs', async () => {
    const classifier = await loadClassifier(resourcePath('sample/balanced.onnx'));
    const asked: string[] = [];
    const engineOf = (name: string, ms: number) =>
      timed(cpu, clock, { of: () => ms, computing: 0.75, onRun: () => asked.push(name) });
    const engines = [engineOf('fast', 2), engineOf('slow', 12)];
    const options = { rounds: 2, profile: 'paper', batches: [1, 2], readMs: 7 } as const;
    const [fast, slow] = await measureInTurn(classifier, engines, options);
    // Warming up, then two rounds: each engine is asked, left for the other, and asked again.
    const turns = asked.filter((name, i) => name !== asked[i - 1]);
    expect(turns.slice(0, 6)).toEqual(['fast', 'slow', 'fast', 'slow', 'fast', 'slow']);
    for (const [found, ms] of [[fast, 2] as const, [slow, 12] as const]) {
      // A run is all that takes time by this clock: a forward pass is one, and so is each lane's step.
      expect(found).toMatchObject({ forwardMs: ms, forwardLowMs: ms, forwardAtOnceMs: ms });
      expect(found).toMatchObject({ stepMs: ms, stepLowMs: ms, stepsPerSecond: 1000 / ms });
      expect(found.shareOutsideNetwork).toBeCloseTo(0.25, 6);
      expect(found.batches.map(({ batch }) => batch)).toEqual([1, 2]);
      for (const { stepMs, shareOutsideNetwork } of found.batches) {
        expect(stepMs).toBeCloseTo(ms, 6);
        expect(shareOutsideNetwork).toBeCloseTo(0.25, 6);
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
