import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Clock, timed } from '../../test/support/clock.ts';
import { EngineError, type Engine, type Executable } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { BatchGenerator } from './batch-generator.ts';
import { isOutOfMemory } from '../engine/out-of-memory.ts';
import { imagesThatFit } from './batch-memory.ts';
import { chooseBatch, expectedBatch } from './batch-size.ts';
import { resolveConfiguration } from './configuration.ts';
import type { GenerationEvent } from './events.ts';
import { tinyClassifier } from './fixture.ts';
import type { Job } from './job.ts';

const cpu = await openOnnxRuntime({ threads: 1 });
const classifier = tinyClassifier();
let clock: Clock;
beforeEach(() => {
  clock = new Clock();
});
afterEach(() => clock.restore());

/** A GPU that is the processor in truth. @param refuse is asked before each run of so many images */
function gpu(refuse: (batch: number) => boolean = () => false, memoryMB?: number): Engine {
  const memory = memoryMB === undefined ? {} : { memoryMB };
  return {
    info: { ...cpu.info, provider: 'fake', device: 'Fake 9000', threads: 0, ...memory },
    close: () => Promise.resolve(),
    async compile(graph): Promise<Executable> {
      const executable = await cpu.compile(graph);
      const [batch] = graph.types.get(graph.inputs[0].name)!.dims;
      return {
        compileMs: 0,
        release: () => executable.release(),
        run: (feeds) => {
          if (!refuse(batch)) return executable.run(feeds);
          return Promise.reject(new EngineError('Failed to allocate memory for requested buffer.'));
        },
      };
    },
  };
}

describe('the number of images that run together', () => {
  const timed = (times: Record<number, number>) => (batch: number) =>
    batch in times ? Promise.resolve(times[batch]) : Promise.reject(new EngineError('OOM'));
  const chosen = async (times: Record<number, number>, jobs = 1000, engine = gpu()) =>
    chooseBatch(classifier, engine, jobs, timed(times));

  it('doubles while an image becomes faster by a tenth', async () => {
    const choice = await chosen({ 1: 10, 2: 6, 4: 4, 8: 3.8, 16: 1 });
    expect(choice).toMatchObject({ batch: 4, because: 'With 8 an image is hardly faster.' });
    expect(choice.trials.map(({ batch }) => batch)).toEqual([1, 2, 4, 8]);
  });

  it('is no larger than the jobs that each lane has', async () => {
    expect((await chosen({ 1: 10, 2: 5, 4: 2 }, 7)).batch).toBe(4);
    expect((await chosen({ 1: 10, 2: 5, 4: 2 }, 6)).batch).toBe(2);
    expect((await chosen({ 1: 10 }, 1)).batch).toBe(1);
  });

  it('stops where memory runs out', async () => {
    const choice = await chosen({ 1: 10, 2: 6 });
    expect(choice).toMatchObject({ batch: 2, because: 'Memory runs out with 4.' });
  });

  it('is bounded by the memory that it would take, by estimate', async () => {
    const fast = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => [2 ** i, 2 ** (8 - i)]));
    expect((await chosen(fast, 10_000, gpu(undefined, 65_536))).batch).toBe(256);
    const small = gpu(undefined, 0.5);
    const fitting = imagesThatFit(classifier, small.info);
    const { batch, because } = await chosen(fast, 10_000, small);
    expect(fitting).toBeGreaterThan(1);
    expect(batch).toBe(2 ** Math.floor(Math.log2(fitting)));
    expect(because).toBe('More may not fit into memory.');
  });

  it('is measured once for a model on an engine, and what ran out of memory is not tried again', async () => {
    const engine = gpu();
    const asked: number[] = [];
    const choose = (jobs: number, model = classifier) =>
      chooseBatch(model, engine, jobs, (batch) => {
        asked.push(batch);
        return timed({ 1: 10, 2: 6, 4: 4 })(batch);
      });
    expect((await choose(4)).batch).toBe(2);
    const larger = await choose(100);
    expect(larger).toMatchObject({ batch: 4, because: 'Memory runs out with 8.' });
    expect(await choose(100)).toEqual(larger);
    expect(asked).toEqual([1, 2, 4, 8]);
    const other = { ...classifier, files: [{ ...classifier.files[0], sha256: '1'.repeat(64) }] };
    await choose(2, other);
    expect(asked).toEqual([1, 2, 4, 8, 1]);
  });

  it('is expected as it was measured, as it was before, or else guessed', async () => {
    const engine = gpu();
    const expected = (jobs: number, before?: number) =>
      expectedBatch(classifier, engine, jobs, before);
    expect(expected(100)).toEqual({ images: 8, guessed: true });
    expect(expected(100, 16)).toEqual({ images: 16, guessed: false });
    expect(expected(7, 16)).toEqual({ images: 4, guessed: false });
    expect(expected(1)).toEqual({ images: 1, guessed: false });
    await chooseBatch(classifier, engine, 4, timed({ 1: 10, 2: 6 }));
    expect(expected(4)).toEqual({ images: 2, guessed: false });
    expect(expected(100).guessed).toBe(true);
    await chooseBatch(classifier, engine, 100, timed({ 4: 4, 8: 3.8 }));
    expect(expected(100, 16)).toEqual({ images: 4, guessed: false });
    expect(expectedBatch(classifier, cpu, 100)).toEqual({ images: 1, guessed: false });
  });

  it('is 1 on a processor, unmeasured, and the model’s own where that is fixed', async () => {
    expect(await chosen({}, 1000, cpu)).toMatchObject({ batch: 1, trials: [] });
    const fixed = { ...classifier, input: { ...classifier.input, batch: 3 } };
    const choice = await chooseBatch(fixed, gpu(), 1000, timed({}));
    expect(choice).toMatchObject({ batch: 3, trials: [] });
  });
});

describe('memory that runs out is recognised', () => {
  it.each([
    'CUDA failure 2: out of memory ; GPU=0',
    'CUDA_ERROR_OUT_OF_MEMORY',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'Failed to allocate memory for requested buffer of size 4194304',
    'Available memory of 1024 is smaller than requested bytes of 4194304',
    'VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Buffer size (5368709120) exceeds the max buffer size limit (4294967296).',
    'Exception(3) tid(1) 8007000E Not enough memory resources are available.',
    'std::bad_alloc',
    'OOM when allocating tensor with shape[8,64,112,112]',
  ])('%s', (text) => {
    expect(isOutOfMemory(new EngineError(text))).toBe(true);
    expect(isOutOfMemory(new Error('a run failed', { cause: new Error(text) }))).toBe(true);
  });

  it.each(['No adapter.', 'bloom filter', 'the memory layout NHWC is not supported'])(
    'not: %s',
    (text) => {
      expect(isOutOfMemory(new EngineError(text))).toBe(false);
    },
  );
});

const configuration = resolveConfiguration('paper', {
  ...{ steps: 40, snapshotEvery: 10, baseline: { enabled: false } },
});
const jobs: Job[] = Array.from({ length: 8 }, (_, prototype) => ({ classIndex: 1, prototype }));

async function make(engine: Engine, checkpointEvery = 0) {
  const [events, notes]: [GenerationEvent[], string[]] = [[], []];
  const onNote = (text: string) => void notes.push(text);
  const generator = await BatchGenerator.open(classifier, engine, configuration, {
    ...{ jobs: jobs.length, onNote },
  });
  const begun = generator.batch;
  await generator.generate(jobs, { checkpointEvery, onEvent: (event) => void events.push(event) });
  await generator.release();
  return { events, notes, batches: [begun, generator.batch], record: generator.record };
}

const stepsOf = (events: readonly GenerationEvent[], job: Job) =>
  events.flatMap((event) =>
    event.type === 'step' && event.job.prototype === job.prototype ? [event.step] : [],
  );

/** A GPU that gains from every image more, whose memory runs out after some runs of more than `most` images. */
function failing(most: number, after: number): Engine {
  let runs = 0;
  return timed(
    gpu((batch) => batch > most && ++runs > after),
    clock,
    { of: () => 4 },
  );
}

describe('a generation whose memory runs out', () => {
  it('goes on from its checkpoints with half as many images, and says so', async () => {
    // Six runs measure four images, the others are steps.
    const engine = failing(2, 6 + 50);
    const { events, notes, batches, record } = await make(engine);
    expect(batches).toEqual([4, 2]);
    expect(record).toMatchObject({
      ...{ images: 2, because: 'Memory ran out with 4.', ranOut: [4] },
      trials: [{ batch: 1 }, { batch: 2 }, { batch: 4 }],
    });
    // The next generation begins with what memory held.
    const again = await make(engine);
    expect(again.record).toMatchObject({
      ...{ images: 2, because: 'Memory runs out with 4.', ranOut: [] },
    });
    expect(again.record.trials).toEqual(record.trials.slice(0, 2));
    expect(notes).toEqual([
      'The memory of Fake 9000 ran out with 4 images at a time, so 2 at a time are made from here on.',
    ]);
    const made = events.flatMap((event) => (event.type === 'finished' ? [event] : []));
    expect(made.map(({ job }) => job.prototype).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const whole = await make(gpu(undefined));
    for (const { job, image, steps } of made) {
      expect(steps).toBe(40);
      expect(stepsOf(events, job)).toEqual([...Array(40).keys()]);
      const same = whole.events.find(
        (event) => event.type === 'finished' && event.job.prototype === job.prototype,
      );
      const theirs = same?.type === 'finished' ? same.image : [];
      expect(Math.max(...image.map((value, i) => Math.abs(value - theirs[i])))).toBeLessThan(1e-3);
    }
    expect(events.some(({ type }) => type === 'checkpoint')).toBe(false);
  });

  it('halves until it fits', async () => {
    const { batches, notes } = await make(failing(1, 12 + 20));
    expect(batches[0]).toBe(4);
    expect(batches[1]).toBe(1);
    expect(notes).toHaveLength(2);
  });

  it('gives up where one image does not fit, and says what to do', async () => {
    await expect(make(gpu(() => true))).rejects.toThrow(
      'The memory of Fake 9000 does not hold this model; end other programs that use it, or choose the engine cpu.',
    );
  });

  it('lets other failures be failures', async () => {
    const broken: Engine = {
      ...gpu(),
      compile: () => Promise.reject(new EngineError('It does not know Conv.')),
    };
    await expect(make(broken)).rejects.toThrow('It does not know Conv.');
  });
});

it('tells the share of the time in which the network did not compute', async () => {
  const onNote = () => undefined;
  const options = { jobs: jobs.length, onNote };
  const engine = timed(cpu, clock, { of: () => 4, computing: 0.5, onRun: () => runs++ });
  let runs = 0;
  const generator = await BatchGenerator.open(classifier, engine, configuration, options);
  expect(generator.shareOutsideNetwork).toBeUndefined();
  // Of the time, runs take 4 ms each, half of which the network computes, and telling takes the rest.
  let told = 0;
  const onEvent = () => {
    told++;
    clock.advance(3);
  };
  await generator.generate(jobs, { onEvent });
  expect(runs).toBeGreaterThan(100);
  expect(generator.shareOutsideNetwork).toBeCloseTo(1 - (2 * runs) / (4 * runs + 3 * told), 6);
  await generator.release();
});

it('gives the checkpoints that are asked for', async () => {
  const { events } = await make(cpu, 20);
  const steps = events.flatMap((event) =>
    event.type === 'checkpoint' ? [event.checkpoint.step] : [],
  );
  expect(new Set(steps)).toEqual(new Set([20]));
});
