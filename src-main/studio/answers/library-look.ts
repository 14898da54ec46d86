import { encode } from 'fast-png';
import { basename } from 'node:path';
import type { Look } from '../../api/library.ts';
import type { ModelRequest } from '../../api/request.ts';
import type { Classifier } from '../../classifier/classifier.ts';
import { ClassifierError } from '../../classifier/errors.ts';
import { loadClassifier } from '../../classifier/load.ts';
import type { Engine } from '../../engine/engine.ts';
import { readPhotograph } from '../../photograph/stream.ts';
import { toBytes } from '../../prototype/events.ts';
import { softmax } from '../../similarity/entanglement.ts';
import { TappedClassifier } from '../../similarity/tap.ts';
import { sha256 } from '../../store/blobs.ts';
import type { Workspace } from '../../store/workspace.ts';
import { figure } from '../../report/figure.ts';

/** Classes that are told. */
const MOST = 5;

/** Above this share of the greatest possible entropy, the probabilities are next to equal. */
const NEARLY_EVEN = 0.9;

/** Logits of trained classifiers stay far below this. */
const HUGE = 100;

/** A classifier of which the logits alone are asked. */
export const openForLogits = (engine: Engine, classifier: Classifier): Promise<TappedClassifier> =>
  TappedClassifier.open(engine, classifier, [
    { name: classifier.logits, value: classifier.logits, depth: 0 },
  ]);

/**
 * Runs a model on a photograph.
 * @throws GraphError, ClassifierError, PhotographError or EngineError in one sentence
 */
export async function lookAnswer(
  workspace: Workspace,
  engine: Engine,
  { path, ...answers }: ModelRequest,
  photograph: string,
): Promise<Look> {
  const classifier = await loadClassifier(path, answers);
  const { input } = classifier;
  if (input.layout === 'table')
    throw new ClassifierError(
      `The model ${classifier.name} takes rows of features, so it cannot be tried on a photograph.`,
    );
  const { channels, height, width } = input;
  const view = { channels, height, width, resize: classifier.preprocessing.resize };
  const pixels = await readPhotograph(photograph, view, basename(photograph));
  const logits = await logitsOf(engine, classifier, pixels);
  const png = encode({ width, height, channels, depth: 8, data: toBytes(pixels, channels) });
  const imageHash = sha256(png);
  await workspace.cache.put(`look ${imageHash}`, png);
  return { imageHash, height, width, top: topOf(logits, classifier), warnings: doubtsOf(logits) };
}

async function logitsOf(
  engine: Engine,
  classifier: Classifier,
  pixels: Float32Array,
): Promise<Float32Array> {
  const network = await openForLogits(engine, classifier);
  try {
    return (await network.run(pixels)).logits;
  } finally {
    await network.release();
  }
}

function topOf(logits: Float32Array, { labels }: Classifier): Look['top'] {
  const probabilities = softmax(logits);
  return Array.from(logits, (logit, classIndex) => ({ classIndex, logit }))
    .sort((a, b) => b.logit - a.logit)
    .slice(0, MOST)
    .map(({ classIndex, logit }) => ({
      ...{ classIndex, label: labels[classIndex], logit: figure(logit) },
      probability: figure(probabilities[classIndex]),
    }));
}

/** What in the logits of a photograph tells that it was fed wrongly, one sentence each. */
export function doubtsOf(logits: Float32Array): string[] {
  if (!logits.every(Number.isFinite)) {
    return [
      'The logits are not numbers: the file is damaged, or the preprocessing is another one.',
    ];
  }
  const doubts: string[] = [];
  const sum = logits.reduce((a, b) => a + b, 0);
  const isProbability = logits.every((logit) => logit >= 0 && logit <= 1);
  if (logits.length > 1 && isProbability && Math.abs(sum - 1) < 1e-3) {
    doubts.push('The output holds probabilities, not logits: choose the output before softmax.');
  } else if (evenness(softmax(logits)) > NEARLY_EVEN) {
    doubts.push(
      'The model hardly prefers one class to another: the preprocessing may be another one, or the photograph shows none of its classes.',
    );
  }
  const largest = logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
  if (largest > HUGE) {
    doubts.push(
      `The largest logit is ${Math.round(largest)}, which is far more than usual: the pixels may have to be normalised in another way.`,
    );
  }
  return doubts;
}

/** Entropy as a share of the greatest possible one, 0 … 1. */
function evenness(probabilities: Float32Array): number {
  if (probabilities.length < 2) return 0;
  const entropy = probabilities.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
  return entropy / Math.log(probabilities.length);
}
