import type { SelfCheck, SelfTest } from '../api/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { EngineName } from '../engine/choices.ts';
import { EngineError, type Engine } from '../engine/engine.ts';
import { GraphError } from '../graph/errors.ts';
import { checkEngines, otherThan } from './self-test-engines.ts';
import { checkGradient } from './self-test-gradient.ts';
import { checkOriginal } from './self-test-original.ts';
import { checkPhotograph } from './self-test-photograph.ts';

export interface SelfTestOptions {
  /** The model's file. */
  readonly path: string;
  /** What the engine is held against; by default one of another kind. */
  readonly other?: EngineName;
  readonly photograph?: string;
  readonly signal?: AbortSignal;
  /** Is told before each check, and after the last one. */
  readonly onProgress?: (done: number, total: number, label: string) => void;
}

/**
 * Holds a classifier, as it was understood, against what does not share our code: differences of its logits, the file
 * run as it is, another engine, and a photograph.
 * @throws PhotographError when the photograph cannot be read; ClassifierError as the classifier's own
 */
export async function selfTest(
  classifier: Classifier,
  engine: Engine,
  { path, other = otherThan(engine), photograph, signal, onProgress }: SelfTestOptions,
): Promise<SelfTest> {
  const looked = await checkPhotograph(classifier, engine, photograph);
  const work: [string, () => Promise<SelfCheck>][] = [
    ['gradient', () => gradientOrWhy(classifier, engine)],
    ['original file', () => checkOriginal(classifier, path, engine)],
    ['second engine', () => checkEngines(classifier, engine, other)],
  ];
  const checks: SelfCheck[] = [];
  for (const [i, [label, check]] of work.entries()) {
    signal?.throwIfAborted();
    onProgress?.(i, work.length, label);
    checks.push(await check());
  }
  onProgress?.(work.length, work.length, 'done');
  checks.push(looked.check);
  const passed = checks.every(({ state }) => state !== 'failed');
  return { model: classifier.name, passed, checks, top: looked.top };
}

/** A model without a gradient fails, and says why. */
async function gradientOrWhy(classifier: Classifier, engine: Engine): Promise<SelfCheck> {
  try {
    return await checkGradient(classifier, engine);
  } catch (error) {
    if (!(error instanceof GraphError || error instanceof EngineError)) throw error;
    return { name: 'gradient', state: 'failed', text: error.message };
  }
}
