import type { SelfCheck } from '../api/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { EngineName } from '../engine/choices.ts';
import type { Engine } from '../engine/engine.ts';
import { attempt } from '../engine/open.ts';
import { Forward, randomInput, relativeError } from './self-test-network.ts';

/** Engines round differently, GPUs more than processors, but no more than this. */
const TOLERANCE = 1e-3;

/** What is held against an engine, unless somebody asks for another one. */
export const otherThan = (engine: Engine): EngineName =>
  engine.info.id === 'onnxruntime' && engine.info.provider === 'cpu' ? 'tensorflow-wasm' : 'cpu';

/** The logits of two engines against each other. */
export async function checkEngines(
  classifier: Classifier,
  engine: Engine,
  name: EngineName,
): Promise<SelfCheck> {
  const found = await attempt(name);
  if (!('engine' in found)) {
    const text = `The engine ${name} cannot be used here: ${found.reason}`;
    return { name: 'engines', state: 'skipped', text };
  }
  try {
    return await compare(classifier, engine, found.engine, name);
  } catch (error) {
    const text = `The engine ${name} cannot run this model: ${(error as Error).message}`;
    return { name: 'engines', state: 'skipped', text };
  } finally {
    await found.engine.close();
  }
}

async function compare(
  classifier: Classifier,
  engine: Engine,
  other: Engine,
  name: EngineName,
): Promise<SelfCheck> {
  const input = randomInput(classifier, 0);
  const [ours, theirs] = await Promise.all(
    [engine, other].map(async (each) => {
      const forward = await Forward.open(classifier, each);
      const logits = await forward.logits(input);
      await forward.release();
      return logits;
    }),
  );
  const error = relativeError(ours, theirs);
  const passed = error <= TOLERANCE;
  const size = Number.isFinite(error) ? error.toExponential(1) : 'not a number';
  const both = `${nameOf(engine)} and ${name}`;
  const text = passed
    ? `${both} compute the same logits; the largest difference is ${size} of the largest logit.`
    : `${both} compute different logits: the largest difference is ${size} of the largest logit. Do not trust either before you know why.`;
  return {
    ...{ name: 'engines', state: passed ? 'passed' : 'failed', text },
    error: Number.isFinite(error) ? error : null,
  };
}

const nameOf = ({ info }: Engine): string =>
  info.id === 'onnxruntime' ? info.provider : `${info.id} (${info.provider})`;
