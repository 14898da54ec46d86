import { AUTOMATIC, engineChoice, engineNames, type EngineName } from './choices.ts';
import { EngineError, type Engine, type EngineInfo } from './engine.ts';
import { openOnnxRuntime, type Provider } from './onnxruntime.ts';
import { pace } from './pace.ts';
import { precisionOf } from './precision.ts';
import { probe } from './probe.ts';
import { openTensorFlow, type Backend } from './tensorflow/tensorflow.ts';

export interface OpenOptions {
  /** Native threads; by default one for each physical core. */
  readonly threads?: number;
}

const BACKENDS: Readonly<Record<string, Backend>> = {
  tensorflow: 'tensorflow',
  'tensorflow-wasm': 'wasm',
  'tensorflow-cpu': 'cpu',
};

/** What is tried in the place of an engine that cannot be had: the fastest that any machine has comes first. */
const NEXT_BEST: readonly EngineName[] = ['cpu', 'tensorflow', 'tensorflow-wasm', 'tensorflow-cpu'];

/** What is worth trying where Eidoscope chooses. Plain TensorFlow.js is never faster than the processor. */
const WORTH_TRYING: readonly EngineName[] = [
  'cuda',
  'dml',
  'coreml',
  'webgpu',
  'tensorflow',
  'cpu',
];

/** An engine, or why it cannot be had, in one sentence. */
export type Attempt =
  | { readonly name: EngineName; readonly engine: Engine }
  | { readonly name: EngineName; readonly reason: string };

/**
 * Opens the engine of a name, and nothing else in its place.
 * @throws EngineError with the reason
 */
async function openExactly(name: EngineName, { threads }: OpenOptions = {}): Promise<Engine> {
  const given = threads === undefined ? {} : { threads };
  const backend = BACKENDS[name];
  if (backend !== undefined)
    return measured(await working(await openTensorFlow({ backend, ...given })));
  const engine = await openOnnxRuntime({ provider: name as Provider, ...given });
  if (engine.info.fallback !== undefined) {
    await engine.close();
    throw new EngineError(reasonOf(engine.info));
  }
  return name === 'cpu' ? working(engine) : measured(engine);
}

/** A graphics card may round more than it says. */
async function measured(engine: Engine): Promise<Engine> {
  if (engine.info.threads > 0) return engine;
  return saying(engine, { precision: await precisionOf(engine) });
}

/** A native library shows only when it computes that it can. */
async function working(engine: Engine): Promise<Engine> {
  try {
    await probe(engine, engine);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** What onnxruntime says, without the part about the CPU. */
const reasonOf = ({ fallback }: EngineInfo): string =>
  fallback!.replace(/^The provider \w+ cannot be used here, so the CPU computes: /, '');

/** Tries an engine. */
export async function attempt(name: EngineName, options: OpenOptions = {}): Promise<Attempt> {
  const { platforms } = engineChoice(name) ?? {};
  if (platforms && !platforms.includes(process.platform)) {
    return { name, reason: 'This system does not have it.' };
  }
  try {
    return { name, engine: await openExactly(name, options) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { cause, message } = error;
    return { name, reason: cause instanceof Error ? cause.message : message };
  }
}

/**
 * Opens an engine by name, or the fastest one under the name `auto`. What cannot be had is replaced by the next best;
 * `info.fallback` then says why, and `info.chosen` why Eidoscope chose.
 * @throws EngineError when the name is none, or nothing computes here
 */
export async function openEngine(name: string, options: OpenOptions = {}): Promise<Engine> {
  if (name === AUTOMATIC) return openFastest(options);
  if (!isEngine(name)) {
    throw new EngineError(
      `There is no engine ${name}; choose ${AUTOMATIC}, ${engineNames.slice(0, -1).join(', ')} or ${engineNames.at(-1)}.`,
    );
  }
  checkThreads(options);
  const wanted = await attempt(name, options);
  return 'engine' in wanted ? wanted.engine : openNextBest(name, wanted.reason, options);
}

export const isEngine = (name: string): name is EngineName =>
  (engineNames as readonly string[]).includes(name);

/** What no engine can take is no reason to try another. */
function checkThreads({ threads = 1 }: OpenOptions): void {
  if (Number.isInteger(threads) && threads >= 1) return;
  throw new EngineError(`The number of threads must be a whole number from 1, not ${threads}.`);
}

async function openNextBest(
  name: EngineName,
  reason: string,
  options: OpenOptions,
): Promise<Engine> {
  for (const next of NEXT_BEST.filter((each) => each !== name)) {
    const found = await attempt(next, options);
    if (!('engine' in found)) continue;
    return saying(found.engine, {
      fallback: `The engine ${name} cannot be used here, so ${next} computes: ${reason}`,
    });
  }
  throw new EngineError(`No engine computes on this machine; ${name} says: ${reason}`);
}

interface Trial {
  readonly name: EngineName;
  readonly engine: Engine;
  /** Time in which it convolves some images, in milliseconds. */
  readonly ms: number;
}

/** How many times as fast as the processor, which gives the same bytes every time, an engine must be. */
const CLEARLY = 1.3;

async function openFastest(options: OpenOptions): Promise<Engine> {
  checkThreads(options);
  const trials: Trial[] = [];
  for (const name of WORTH_TRYING) {
    const { engine } = { engine: undefined, ...(await attempt(name, options)) };
    if (engine) trials.push({ name, engine, ms: await pace(engine) });
  }
  const cpu = trials.find(({ name }) => name === 'cpu');
  const [fastest] = trials.toSorted((a, b) => a.ms - b.ms);
  if (fastest === undefined) return openNextBest('cpu', 'it does not start.', options);
  const best = cpu && cpu.ms / fastest.ms < CLEARLY ? cpu : fastest;
  const others = trials.filter((trial) => trial !== best);
  await Promise.all(others.map(({ engine }) => engine.close()));
  return saying(best.engine, { chosen: reasonFor(best, others) });
}

function reasonFor(best: Trial, others: readonly Trial[]): string {
  const chose = `Eidoscope chose the engine ${best.name}`;
  if (others.length === 0) return `${chose}: no other one worth trying computes on this machine.`;
  const listed = others.map(({ name, ms }) => `${name} ${inMs(ms)}`).join(', ');
  const same =
    best.name === 'cpu'
      ? `, which gives the same bytes every time, for no other is ${CLEARLY} times as fast`
      : '';
  return `${chose}${same}: to convolve some images it takes ${inMs(best.ms)}, ${listed}.`;
}

const inMs = (ms: number): string => `${Number(ms.toPrecision(2))} ms`;

/** The same engine, which says something more of itself. */
function saying(engine: Engine, more: Partial<EngineInfo>): Engine {
  return {
    info: { ...engine.info, ...more },
    compile: (graph, atOnce) => engine.compile(graph, atOnce),
    close: () => engine.close(),
  };
}
