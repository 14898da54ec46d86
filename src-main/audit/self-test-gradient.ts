import type { SelfCheck } from '../api/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Engine } from '../engine/engine.ts';
import { Stream } from '../random/philox.ts';
import { Backward, Forward, randomInput } from './self-test-network.ts';
import {
  norm,
  roundingAt,
  slopeAlong,
  type Point,
  type Slope,
  type Verdict,
} from './self-test-slope.ts';

const POINTS = 3;
/** Random directions at each point, beside the gradient's own. */
const RANDOM = 2;

/** Operators whose result jumps, or stands still, where their input moves on. */
const STEPPED = ['Floor', 'Ceil', 'Round', 'Sign', 'QuantizeLinear', 'ArgMax', 'TopK', 'NonZero'];

interface Found extends Slope {
  readonly classIndex: number;
}

/** Central differences of logits against our gradient, at random points and along random directions. */
export async function checkGradient(
  classifier: Classifier,
  engine: Engine,
  onStep: () => void = () => undefined,
): Promise<SelfCheck> {
  const forward = await Forward.open(classifier, engine);
  const backward = await Backward.open(classifier, engine);
  try {
    const found: Found[] = [];
    for (let index = 0; index < POINTS; index++) {
      found.push(...(await checkPoint(classifier, forward, backward, index)));
      onStep();
    }
    return judge(found, classifier);
  } finally {
    await Promise.all([forward.release(), backward.release()]);
  }
}

/** The first point is looked at from its most probable class, the others from others. */
async function checkPoint(
  classifier: Classifier,
  forward: Forward,
  backward: Backward,
  index: number,
): Promise<Found[]> {
  const x = randomInput(classifier, index);
  const logits = await forward.logits(x);
  const top = logits.indexOf(logits.reduce((most, each) => Math.max(most, each), -Infinity));
  const classIndex = (Math.max(0, top) + 7 * index) % logits.length;
  const logit = async (at: Float32Array) => (await forward.logits(at))[classIndex];
  const size = logits.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const gradient = await backward.gradient(x, classIndex);
  const rounding = await roundingAt(x, logit, size);
  const point: Point = { x, logit, value: logits[classIndex], gradient, rounding };
  const found: Found[] = [];
  for (const direction of directionsAt(gradient, index))
    found.push({ ...(await slopeAlong(point, direction)), classIndex });
  return found;
}

/** The gradient's own direction, along which the logit changes most, and random ones; all of root mean square 1. */
function directionsAt(gradient: Float32Array, index: number): Float32Array[] {
  const { length } = gradient;
  const own = norm(gradient) > 0 ? [unit(gradient)] : [];
  const random = Array.from({ length: RANDOM }, (_, i) => {
    const stream = new Stream(0, index, 1 + i, 'noise').seek(0);
    const normal = new Float32Array(length);
    stream.normal(normal, 1);
    return unit(normal);
  });
  return [...own, ...random];
}

function unit(values: Float32Array): Float32Array {
  const size = norm(values) / Math.sqrt(values.length);
  return values.map((value) => value / size);
}

function judge(found: readonly Found[], classifier: Classifier): SelfCheck {
  const count = (verdict: Verdict) => found.filter((each) => each.verdict === verdict).length;
  const judged = found.filter(({ verdict }) => verdict === 'agrees');
  const worst = found.reduce(
    (most, { error }) => (error > most || Number.isNaN(error) ? error : most),
    0,
  );
  const error = Number.isFinite(worst) ? worst : null;
  const say = (state: SelfCheck['state'], text: string): SelfCheck => ({
    ...{ name: 'gradient', state, text, error },
  });
  if (error === null)
    return say('failed', 'Logits or gradients are not numbers: check the preprocessing.');
  if (count('jump') > 0 || (count('wrong') > 0 && steppedIn(classifier).length > 0))
    return say('failed', jumpText(classifier));
  if (count('wrong') > 0) return say('failed', wrongText(count('wrong'), found.length, error));
  if (count('flat') === found.length) return say('failed', deadText(classifier));
  const kinks = count('kink');
  const crossed = kinks === 0 ? '' : `; along ${kinks} more a kink is too near to tell`;
  const ops = steppedIn(classifier);
  const stepped = ops.length === 0 ? '' : `; where ${ops.join(', ')} step, the logits jump`;
  const largest = judged.reduce((most, each) => Math.max(most, each.error), 0);
  return {
    ...say(
      'passed',
      `Along ${judged.length} of ${found.length} directions the gradient is the slope of the logit, to ${percent(largest)}${crossed}${stepped}.`,
    ),
    error: largest,
  };
}

const steppedIn = ({ graph }: Classifier): string[] =>
  STEPPED.filter((op) => graph.nodes.some((node) => node.op === op));

function holding(classifier: Classifier): string {
  const ops = steppedIn(classifier);
  return ops.length > 0 ? ` (the model holds ${ops.join(', ')})` : '';
}

const inputOf = ({ features }: Classifier): string => (features ? 'row' : 'image');

const jumpText = (classifier: Classifier): string =>
  `The logits change in jumps${holding(classifier)}, so their gradient does not tell how the ${inputOf(classifier)} should change: prototypes of this model mean little.`;

const deadText = (classifier: Classifier): string =>
  `The logits do not react to small changes of the ${inputOf(classifier)} at all${holding(classifier)}: no prototype can be made.`;

const wrongText = (wrong: number, all: number, error: number): string =>
  `Along ${wrong} of ${all} directions the gradient is not the slope of the logit; it is off by up to ${percent(error)} of the largest value. Prototypes of this model would be wrong: please report it.`;

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;
