import { basename, dirname } from 'node:path';
import type { SelfCheck, SelfTest } from '../api/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import { matchClass } from '../photograph/match.ts';
import { readPhotograph } from '../photograph/stream.ts';
import { softmax } from '../similarity/entanglement.ts';
import { Forward, preprocessed } from './self-test-network.ts';

/** Classes that are told. */
const MOST = 5;

interface Looked {
  readonly check: SelfCheck;
  readonly top: SelfTest['top'];
}

/**
 * What the model sees in a photograph. Where the file, or its folder, is named after a class, the class must be among
 * the first five; otherwise only a person can tell.
 * @throws PhotographError when it cannot be read
 */
export async function checkPhotograph(
  classifier: Classifier,
  engine: Engine,
  path: string | undefined,
): Promise<Looked> {
  const { input, preprocessing, labels } = classifier;
  if (input.layout === 'table')
    return skipped('The model takes rows of features, not photographs.');
  if (path === undefined) return skipped('No photograph was given to try the model on.');
  const { channels, height, width } = input;
  const view = { channels, height, width, resize: preprocessing.resize };
  const pixels = await readPhotograph(path, view, basename(path));
  const forward = await Forward.open(classifier, engine);
  const logits = await forward
    .logits(preprocessed(classifier, pixels))
    .finally(() => forward.release());
  const probabilities = softmax(logits);
  const top = Array.from(probabilities, (probability, classIndex) => ({ probability, classIndex }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST)
    .map(({ probability, classIndex }) => ({
      ...{ classIndex, label: labels[classIndex] },
      probability: Number.isFinite(probability) ? probability : null,
    }));
  return { check: judge(top, labels, path), top };
}

function skipped(text: string): Looked {
  return { check: { name: 'photograph', state: 'skipped', text }, top: [] };
}

function judge(top: SelfTest['top'], labels: readonly string[], path: string): SelfCheck {
  const say = (state: SelfCheck['state'], text: string): SelfCheck => ({
    ...{ name: 'photograph', state, text },
  });
  if (top.some(({ probability }) => probability === null))
    return say('failed', 'The logits of the photograph are not numbers: check the preprocessing.');
  const expected = expectedClass(labels, path);
  const first = `${top[0].label} (${(100 * top[0].probability!).toFixed(0)} %)`;
  if (expected === undefined)
    return say(
      'passed',
      `The model takes the photograph for ${first}; look whether that makes sense.`,
    );
  const place = top.findIndex(({ classIndex }) => classIndex === expected);
  if (place >= 0)
    return say(
      'passed',
      `${labels[expected]} is number ${place + 1} of what the model sees in the photograph.`,
    );
  return say(
    'failed',
    `The model takes the photograph of ${labels[expected]} for ${first}: check preprocessing, labels and output.`,
  );
}

/** The class that the photograph's folder or file is named after. */
function expectedClass(labels: readonly string[], path: string): number | undefined {
  const stem = basename(path)
    .replace(/\.[^.]+$/, '')
    .replace(/[-_ ]?\d+$/, '');
  for (const name of [basename(dirname(path)), stem]) {
    // A number is the number of an image, not of a class.
    if (name === '' || /^\d+$/.test(name)) continue;
    const found = matchClass(name, { labels });
    if (found !== undefined) return found;
  }
  return undefined;
}
