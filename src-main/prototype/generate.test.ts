import { describe, expect, it } from 'vitest';
import { preprocess, preprocessOf } from '../classifier/preprocess.ts';
import type { Engine, Executable } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { resolveConfiguration, type Configuration } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import type { GenerationEvent, Prototype } from './events.ts';
import { tinyClassifier, TINY } from './fixture.ts';
import { PrototypeGenerator, type GenerationOptions, lanesFor } from './generate.ts';
import type { Job } from './job.ts';
import { Objective } from './objective.ts';

/** The first prototype of every class comes first. */
const jobsFor = (classes: readonly number[], prototypes: number): Job[] =>
  Array.from({ length: prototypes }, (_, prototype) =>
    classes.map((classIndex) => ({ classIndex, prototype })),
  ).flat();

const engine = await openOnnxRuntime({ threads: 1 });
const paper = resolveConfiguration('paper', { steps: 12, seed: 3, snapshotEvery: 5 });
const job: Job = { classIndex: 2, prototype: 0 };

interface Run {
  readonly configuration?: Configuration;
  readonly jobs?: readonly Job[];
  readonly batch?: number;
  readonly options?: Partial<GenerationOptions>;
  readonly engine?: Engine;
  readonly gain?: number;
}

async function events(run: Run = {}): Promise<GenerationEvent[]> {
  const collected: GenerationEvent[] = [];
  const generator = await PrototypeGenerator.open(
    tinyClassifier(run.gain),
    run.engine ?? engine,
    run.configuration ?? paper,
    run.batch,
  );
  const onEvent = (event: GenerationEvent): void => void collected.push(event);
  try {
    await generator.generate(run.jobs ?? [job], { onEvent, ...run.options });
  } finally {
    await generator.release();
  }
  return collected;
}

const finished = (all: readonly GenerationEvent[]): Prototype[] =>
  all.filter((event) => event.type === 'finished');

async function prototype(run: Run = {}): Promise<Prototype> {
  return finished(await events(run))[0];
}

const bytes = (image: Float32Array): Buffer => Buffer.from(image.slice().buffer);

describe('a generation', () => {
  it('raises the logit of its class, with an image in [0, 1]', async () => {
    const start = await prototype({ configuration: { ...paper, steps: 0 } });
    const end = await prototype({ configuration: { ...paper, steps: 60 } });
    expect(end.logit).toBeGreaterThan(start.logit + 0.5);
    expect(end.image.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect([end.complete, end.steps]).toEqual([true, 60]);
  });

  it('says of the untransformed image what the network says of it', async () => {
    const made = await prototype();
    const classifier = tinyClassifier();
    const objective = await Objective.compile(classifier, engine, 1);
    const input = new Float32Array(made.image.length);
    preprocess(preprocessOf(classifier.preprocessing), made.image, input);
    const { logits } = await objective.run(
      input,
      new Float32Array(TINY.classes),
      new Float32Array(1),
    );
    await objective.release();
    logits.forEach((logit, k) => expect(Math.abs(logit - made.logits[k])).toBeLessThan(1e-5));
    expect(made.logit).toBe(made.logits[job.classIndex]);
  });

  it('first makes every class equally likely, then stops stage 1 early', async () => {
    const all = await events({ gain: 3 });
    const first = all.filter((event) => event.type === 'step' && event.stage === 'baseline');
    const [made] = finished(all);
    expect(made.baselineSteps).toBe(first.length - 1);
    expect(made.baselineSteps).toBeGreaterThan(0);
    expect(made.baselineSteps).toBeLessThan(512);
    const variances = first.map((event) => (event.type === 'step' ? event.losses.variance : NaN));
    expect(variances.at(-1)).toBeLessThan((0.001 * 4) / 25);
    expect(Math.min(...variances.slice(0, -1))).toBeGreaterThanOrEqual((0.001 * 4) / 25);
  });

  it('ends stage 1 at its largest number of steps when it does not come that far', async () => {
    const baseline = { enabled: true, maxSteps: 4, stopRatio: 0 };
    const made = await prototype({ configuration: { ...paper, baseline } });
    expect([made.baselineSteps, made.steps]).toEqual([4, 12]);
  });

  it('tells every step once and in order, and snapshots at their cadence', async () => {
    const all = await events();
    const steps = all.filter((event) => event.type === 'step' && event.stage === 'prototype');
    expect(steps.map((event) => event.type === 'step' && event.step)).toEqual([
      ...Array(12).keys(),
    ]);
    const snapshots = all.filter((event) => event.type === 'snapshot');
    expect(snapshots.map((event) => event.step)).toEqual([0, 5, 10]);
    expect(snapshots[0].image.length).toBe(TINY.height * TINY.width * TINY.channels);
    expect(all.at(-1)?.type).toBe('finished');
  });

  it('lowers the penalty with a larger weight', async () => {
    const weighted = (weight: number): Promise<Prototype> =>
      prototype({ configuration: { ...paper, steps: 40, penalty: { kind: 'sum', weight } } });
    const [free, strict] = [await weighted(0), await weighted(5)];
    expect(strict.losses.highFrequency).toBeLessThan(free.losses.highFrequency / 2);
  });
});

describe('the bytes of a prototype', () => {
  const fourier = resolveConfiguration('fourier', { steps: 10, seed: 3 });
  const plain = resolveConfiguration('plain', { steps: 10, seed: 3 });
  const configurations = { paper, fourier, plain };

  it.each(Object.entries(configurations))(
    'are the same in two runs: %s',
    async (_, configuration) => {
      const [a, b] = [await prototype({ configuration }), await prototype({ configuration })];
      expect(bytes(a.image).equals(bytes(b.image))).toBe(true);
      expect(a.logits).toEqual(b.logits);
    },
  );

  it('depend on seed, class and number', async () => {
    const others = [
      await prototype(),
      await prototype({ configuration: { ...paper, seed: 4 } }),
      await prototype({ jobs: [{ classIndex: 3, prototype: 0 }] }),
      await prototype({ jobs: [{ classIndex: 2, prototype: 1 }] }),
    ];
    expect(new Set(others.map(({ image }) => bytes(image).toString('hex'))).size).toBe(4);
  });

  it('do not depend on what else is generated, one after the other', async () => {
    const alone = await prototype();
    const together = finished(await events({ jobs: jobsFor([4, 2, 0], 2) }));
    expect(together.length).toBe(6);
    const same = together.find((one) => one.job.classIndex === 2 && one.job.prototype === 0);
    expect(bytes(same!.image).equals(bytes(alone.image))).toBe(true);
  });

  it('come close to these in a batch, where the seat decides which lanes of the processor are used', async () => {
    const batched = finished(await events({ jobs: jobsFor([4, 2, 0], 2), batch: 3 }));
    const same = batched.find((one) => one.job.classIndex === 2 && one.job.prototype === 0);
    const alone = await prototype();
    alone.image.forEach((value, i) => expect(Math.abs(value - same!.image[i])).toBeLessThan(1e-3));
  });

  it.each(Object.entries(configurations))(
    'are the same after an interruption at any step: %s',
    async (_, configuration) => {
      const whole = await events({ configuration, options: { checkpointEvery: 4 }, gain: 3 });
      const [expected] = finished(whole);
      const checkpoints = whole.flatMap((event) =>
        event.type === 'checkpoint' ? [event.checkpoint] : [],
      );
      expect(checkpoints.length).toBeGreaterThan(1);
      for (const checkpoint of checkpoints) {
        const stored = decodeCheckpoint(encodeCheckpoint(checkpoint));
        const options = { checkpoints: [stored] };
        const resumed = await prototype({ configuration, options, gain: 3 });
        expect(bytes(resumed.image).equals(bytes(expected.image))).toBe(true);
        expect(resumed.logits).toEqual(expected.logits);
        expect([resumed.baselineSteps, resumed.steps]).toEqual([
          expected.baselineSteps,
          expected.steps,
        ]);
      }
    },
  );
});

describe('a generation that is stopped', () => {
  it('gives a checkpoint and the image so far within a step, and goes on to the same bytes', async () => {
    const expected = await prototype();
    const controller = new AbortController();
    const collected: GenerationEvent[] = [];
    const onEvent = (event: GenerationEvent): void => {
      collected.push(event);
      if (event.type === 'step' && event.stage === 'prototype' && event.step === 6)
        controller.abort();
    };
    await events({ options: { onEvent, signal: controller.signal } });
    const [stopped] = finished(collected);
    expect(stopped.complete).toBe(false);
    expect(stopped.steps).toBe(8);
    expect(stopped.image.every(Number.isFinite)).toBe(true);
    const checkpoint = collected.find((event) => event.type === 'checkpoint')
      ?.checkpoint as Checkpoint;
    const resumed = await prototype({ options: { checkpoints: [checkpoint] } });
    expect(bytes(resumed.image).equals(bytes(expected.image))).toBe(true);
  });

  it('starts nothing when it is stopped before it began', async () => {
    expect(await events({ options: { signal: AbortSignal.abort() } })).toEqual([]);
  });
});

describe('a generation that cannot go on', () => {
  it('refuses a class that the model does not have', async () => {
    await expect(events({ jobs: [{ classIndex: 5, prototype: 0 }] })).rejects.toThrow(
      'There is no class 5; the model has the classes 0 to 4.',
    );
  });

  it('refuses a checkpoint of another configuration', async () => {
    const all = await events({ options: { checkpointEvery: 4 } });
    const checkpoint = all.find((event) => event.type === 'checkpoint')?.checkpoint as Checkpoint;
    const configuration = { ...paper, learningRate: 0.1 };
    await expect(events({ configuration, options: { checkpoints: [checkpoint] } })).rejects.toThrow(
      /another model, configuration or engine/,
    );
  });

  it('knows beforehand which checkpoints it cannot go on from', async () => {
    const all = await events({ options: { checkpointEvery: 4 } });
    const checkpoint = all.find((event) => event.type === 'checkpoint')?.checkpoint as Checkpoint;
    const open = (one: Engine): Promise<PrototypeGenerator> =>
      PrototypeGenerator.open(tinyClassifier(), one, paper);
    const [same, other] = [await open(engine), await open(await openOnnxRuntime({ threads: 2 }))];
    expect([same.fits(checkpoint), other.fits(checkpoint)]).toEqual([true, false]);
    await Promise.all([same.release(), other.release()]);
  });

  it('passes on what a listener throws', async () => {
    const onEvent = (): void => {
      throw new Error('the disk is full');
    };
    await expect(events({ options: { onEvent } })).rejects.toThrow('the disk is full');
  });

  it.each([
    [
      'logits',
      /^The logits are no longer finite at step 3 of stage prototype of prototype 0 of class 2 \(cat\)/,
    ],
    ['gradient', /^The gradient is no longer finite at step 3 /],
  ])(
    'says which class and step it was when the %s is not finite, and goes on with the others',
    async (part, sentence) => {
      const jobs = jobsFor([2, 1], 1);
      const configuration = { ...paper, baseline: { ...paper.baseline, enabled: false } };
      const all = await events({
        jobs,
        configuration,
        engine: spoiling(engine, part, 3 * lanesFor(1)),
      });
      const failed = all.filter((event) => event.type === 'failed');
      expect(failed.map((event) => event.job.classIndex)).toEqual([2]);
      expect(failed[0].error).toBeInstanceOf(PrototypeError);
      expect(failed[0].error.message).toMatch(sentence);
      expect(finished(all).map((one) => one.job.classIndex)).toEqual([1]);
    },
  );

  it('counts the steps in which the network did not react at all', async () => {
    const made = await prototype({ gain: 0 });
    expect(made.stillSteps).toBe(12);
    expect(made.image.every(Number.isFinite)).toBe(true);
  });
});

it('asks the network for the next prototype while it computes for another, and never for more', async () => {
  let [asked, most] = [0, 0];
  const watched: Engine = {
    info: engine.info,
    close: () => engine.close(),
    async compile(graph) {
      const executable = await engine.compile(graph);
      const run: Executable['run'] = async (feeds, into) => {
        most = Math.max(most, ++asked);
        return executable.run(feeds, into).finally(() => asked--);
      };
      return { compileMs: 0, run, release: () => executable.release() };
    },
  };
  const made = await events({ jobs: jobsFor([0, 1, 2], 1), engine: watched });
  expect(finished(made)).toHaveLength(3);
  expect(most).toBe(lanesFor(1));
});

it('says when a part of the network runs elsewhere than the engine says', async () => {
  const fallback = 'The CPU computes some operators of the graph.';
  const partly: Engine = {
    info: engine.info,
    close: () => engine.close(),
    compile: async (graph) => Object.assign(await engine.compile(graph), { fallback }),
  };
  const [whole, part] = await Promise.all(
    [engine, partly].map((one) => PrototypeGenerator.open(tinyClassifier(), one, paper)),
  );
  expect([whole.fallback, part.fallback]).toEqual([undefined, fallback]);
  await Promise.all([whole.release(), part.release()]);
});

/** The engine, but its run number `run` gives a logit or gradient that is not a number. */
function spoiling(inner: Engine, part: string, run: number): Engine {
  return {
    info: inner.info,
    close: () => inner.close(),
    async compile(graph): Promise<Executable> {
      const executable = await inner.compile(graph);
      let runs = 0;
      const [logits, , gradient] = graph.outputs;
      return {
        compileMs: executable.compileMs,
        release: () => executable.release(),
        async run(feeds) {
          const results = await executable.run(feeds);
          if (runs++ === run) results[part === 'logits' ? logits : gradient][1] = NaN;
          return results;
        },
      };
    },
  };
}

it('computes one batch after the other, whose seats round differently, but single images at once', async () => {
  const pair = await openOnnxRuntime({ threads: 2 });
  const opened = await Promise.all(
    [1, 3].map((batch) => PrototypeGenerator.open(tinyClassifier(), pair, paper, batch)),
  );
  expect(opened.map(({ atOnce }) => atOnce)).toEqual([2, 1]);
  await pair.close();
});

it('leaves nothing on the engine where the network is refused', async () => {
  const left = new Set<Executable>();
  const refusing: Engine = {
    ...{ info: engine.info, close: () => engine.close() },
    compile: async (graph, atOnce) => {
      if (!graph.name.startsWith('fourier')) throw new Error('refused');
      const executable = await engine.compile(graph, atOnce);
      left.add(executable);
      const release = (): Promise<void> => {
        left.delete(executable);
        return executable.release();
      };
      return { compileMs: 0, run: (feeds) => executable.run(feeds), release };
    },
  };
  const fourier = resolveConfiguration('fourier', { steps: 1 });
  const opening = PrototypeGenerator.open(tinyClassifier(), refusing, fourier);
  await expect(opening).rejects.toThrow('refused');
  expect(left.size).toBe(0);
});
