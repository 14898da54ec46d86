import { describe, expect, it } from 'vitest';
import type { Engine, Executable } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import type { Checkpoint } from './checkpoint.ts';
import { resolveConfiguration } from './configuration.ts';
import { handsFor } from './crew.ts';
import { PrototypeError } from './errors.ts';
import type { GenerationEvent } from './events.ts';
import { tinyClassifier } from './fixture.ts';
import { PrototypeGenerator, type GenerationOptions } from './generate.ts';
import { withObjective } from './objective.ts';

const BATCH = 3;
const cpu = await openOnnxRuntime({ threads: 1 });
const classifier = tinyClassifier();
const { graph: single } = withObjective(specialiseClassifier(classifier, 1, [classifier.logits]));
const alone = await cpu.compile(single);

/** Computes each image of a batch by itself, so that its bytes do not depend on the seat that it has. */
async function run(feeds: Parameters<Executable['run']>[0]): ReturnType<Executable['run']> {
  const results: Awaited<ReturnType<Executable['run']>>[] = [];
  for (let seat = 0; seat < BATCH; seat++) {
    const own = Object.entries(feeds).map(([name, data]) => {
      const size = data.length / BATCH;
      return [name, data.slice(seat * size, (seat + 1) * size)] as const;
    });
    results.push(await alone.run(Object.fromEntries(own)));
  }
  const whole = single.outputs.map((name) => {
    const parts = results.map((each) => [...(each[name] as Float32Array)]);
    return [name, Float32Array.from(parts.flat())] as const;
  });
  return Object.fromEntries(whole);
}

const engine: Engine = {
  info: cpu.info,
  close: () => cpu.close(),
  compile: () => Promise.resolve({ compileMs: 0, run, release: () => Promise.resolve() }),
};
const configuration = resolveConfiguration('paper', {
  ...{ steps: 24, snapshotEvery: 8, baseline: { maxSteps: 12 } },
});
const jobs = Array.from({ length: 8 }, (_, prototype) => ({ classIndex: 1, prototype }));

/** @param hands threads besides this one @returns what happened, as it was told */
async function make(hands: number, more: Partial<GenerationOptions> = {}, on: Engine = engine) {
  const generator = await PrototypeGenerator.open(
    ...([classifier, on, configuration, BATCH, jobs.length, hands] as const),
  );
  const events: GenerationEvent[] = [];
  const onEvent = (event: GenerationEvent) => {
    events.push(event);
    return more.onEvent?.(event);
  };
  await generator.generate(jobs, { checkpointEvery: 10, ...more, onEvent });
  await generator.release();
  return events;
}

/** What happened to each prototype, to the byte, without what depends on time. */
function told(events: readonly GenerationEvent[]): string[] {
  const timeless = (key: string, value: unknown): unknown => {
    if (key === 'timings') return undefined;
    if (!ArrayBuffer.isView(value)) return value;
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  };
  return events.map((event) => JSON.stringify(event, timeless)).sort();
}

const finished = (events: readonly GenerationEvent[]) =>
  told(events.filter(({ type }) => type === 'finished'));

describe('arithmetic in other threads', () => {
  it('gives the same steps, snapshots, checkpoints and images to the byte', async () => {
    const here = await make(0);
    expect(finished(here)).toHaveLength(jobs.length);
    for (const hands of [1, 2]) expect(told(await make(hands))).toEqual(told(here));
  });

  it('goes on from the checkpoints that it gave when it was stopped', async () => {
    const stop = new AbortController();
    const halved = await make(2, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.stage === 'prototype' && event.step === 5) stop.abort();
      },
    });
    const last = new Map<number, Checkpoint>();
    for (const event of halved) {
      if (event.type === 'checkpoint') last.set(event.checkpoint.job.prototype, event.checkpoint);
    }
    expect(last.size).toBeGreaterThan(0);
    const rest = await make(2, { checkpoints: [...last.values()] });
    expect(finished(rest)).toEqual(finished(await make(0)));
  });

  it('tells of a prototype that fails as this thread does, and makes the others', async () => {
    const spoilt: Engine = {
      ...engine,
      compile: async (graph): Promise<Executable> => {
        let runs = 0;
        const spoil: Executable['run'] = async (feeds) => {
          const results = await run(feeds);
          if (++runs === 3) results[graph.outputs[0]][0] = NaN;
          return results;
        };
        return { ...(await engine.compile(graph)), run: spoil };
      },
    };
    const events = await make(2, {}, spoilt);
    const failed = events.filter((event) => event.type === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0].error).toBeInstanceOf(PrototypeError);
    expect(failed[0].error.code).toBe('not-finite');
    expect(failed[0].error.message).toMatch(/^The logits are no longer finite at step \d+ /);
    expect(finished(events)).toHaveLength(jobs.length - 1);
  });
});

describe('the number of threads', () => {
  const card = { ...engine.info, provider: 'webgpu', threads: 0 };
  const large = { channels: 3, height: 224, width: 224 };

  it('is at least one where a graphics card takes several large images', () => {
    expect(handsFor(card, configuration, large, 8)).toBeGreaterThan(0);
    expect(handsFor(card, configuration, large, 2)).toBeLessThanOrEqual(2);
  });

  it('is none where a processor computes, for one image, small ones, and those that an engine makes', () => {
    expect(handsFor(engine.info, configuration, large, 8)).toBe(0);
    expect(handsFor(card, configuration, large, 1)).toBe(0);
    expect(handsFor(card, configuration, { channels: 1, height: 28, width: 28 }, 8)).toBe(0);
    expect(handsFor(card, resolveConfiguration('fourier', {}), large, 8)).toBe(0);
  });
});
