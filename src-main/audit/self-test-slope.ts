/**
 * Holds a gradient against central differences of a function that is only known in 32-bit floats.
 *
 * With a large step the function bends and crosses kinks, with a small one its rounding swamps the difference. Networks
 * have so many kinks that the shortest step above rounding is the best one; it is found for each direction.
 */

/** What became of a direction. */
export type Verdict =
  | 'agrees'
  /** The function has other slopes on either side, nearer than its rounding lets us look: it decides nothing. */
  | 'kink'
  /** The function takes another value however short the step is: it has no slope here. */
  | 'jump'
  | 'wrong'
  /** Neither the function nor the gradient tells of any slope. */
  | 'flat';

export interface Slope {
  readonly verdict: Verdict;
  /** |measured − ours|, relative to the largest of both and the gradient's usual size. */
  readonly error: number;
  /** The step that was taken, in units of the direction. */
  readonly step: number;
}

/** f(x) as a double. */
export type Logit = (x: Float32Array) => Promise<number>;

/** Central differences of a network in 32-bit floats come that near, where they are sure of themselves. */
export const TOLERANCE = 0.02;

/** Share of the slope that rounding may take: the step is as short as that allows. */
const ROUNDED = 0.03;

/** Differences that are less sure than this decide nothing. */
const UNSURE = 0.3;

const FIRST = 2 ** -8;
const [SHORTEST, LONGEST] = [2 ** -22, 2 ** -4];

interface Trial {
  readonly step: number;
  /** (f(x + hd) − f(x − hd)) / 2h, and what our gradient says of the same two points. */
  readonly measured: number;
  readonly ours: number;
  /** f(x + hd) − f(x − hd). */
  readonly difference: number;
  /** Half of the difference between the slopes to both sides. */
  readonly bend: number;
  /** What rounding makes of the slope. */
  readonly noise: number;
}

/** A function at a point, its gradient there, and how much it rounds. */
export interface Point {
  readonly x: Float32Array;
  readonly logit: Logit;
  readonly value: number;
  readonly gradient: Float32Array;
  readonly rounding: number;
}

const FLOAT_EPSILON = 2 ** -23;

/** How much a function rounds at a point: by its size, and by what becomes of steps far too short to matter. */
export async function roundingAt(x: Float32Array, logit: Logit, size: number): Promise<number> {
  const value = await logit(x);
  let most = 4 * FLOAT_EPSILON * size;
  for (const sign of [1, -1]) {
    const moved = x.map((each, i) => each + sign * 2 ** -21 * (i % 2 === 0 ? each : -each));
    most = Math.max(most, Math.abs((await logit(moved)) - value));
  }
  return most;
}

/** @param direction of root mean square 1 */
export async function slopeAlong(point: Point, direction: Float32Array): Promise<Slope> {
  const usual = norm(point.gradient);
  const first = await tryStep(point, direction, FIRST);
  const sizeOf = ({ measured, ours }: Trial) => Math.max(Math.abs(ours), Math.abs(measured), usual);
  if (!Number.isFinite(first.measured + first.ours + usual))
    return { verdict: 'wrong', error: NaN, step: FIRST };
  const shortest = point.rounding / (ROUNDED * sizeOf(first));
  if (!(shortest < LONGEST)) return { verdict: 'flat', error: 0, step: FIRST };
  const step = Math.max(SHORTEST, 2 ** Math.ceil(Math.log2(shortest)));
  const trials: Trial[] = [];
  for (const each of [16 * step, 4 * step, step])
    trials.push(await tryStep(point, direction, each));
  const [, before, { measured, ours, bend, noise }] = trials;
  const size = sizeOf(trials[2]);
  // It stands still here, and has moved a little further away.
  if (size === 0) return { verdict: 'jump', error: 1, step };
  const doubt = (bend + 2 * noise + Math.abs(measured - before.measured)) / size;
  const error = Math.abs(measured - ours) / size;
  return { verdict: verdictOf(error, doubt, trials), error, step };
}

async function tryStep(
  { x, logit, value, gradient, rounding }: Point,
  direction: Float32Array,
  step: number,
): Promise<Trial> {
  const [ahead, back] = [step, -step].map((h) => x.map((each, i) => each + h * direction[i]));
  const [after, before] = [await logit(ahead), await logit(back)];
  // In doubles, between the points as 32-bit floats have them.
  const ours = gradient.reduce((sum, each, i) => sum + each * (ahead[i] - back[i]), 0);
  return {
    step,
    measured: (after - before) / (2 * step),
    ours: ours / (2 * step),
    difference: after - before,
    bend: Math.abs(after - 2 * value + before) / (2 * step),
    noise: (2 * rounding) / (2 * step),
  };
}

function verdictOf(error: number, doubt: number, trials: readonly Trial[]): Verdict {
  if (error <= TOLERANCE) return 'agrees';
  if (jumps(trials)) return 'jump';
  if (error <= TOLERANCE + Math.min(doubt, UNSURE)) return doubt < UNSURE ? 'agrees' : 'kink';
  return 'wrong';
}

/** Whether a step sixteen times as short makes hardly less of a difference, and none that rounding makes. */
function jumps([long, , short]: readonly Trial[]): boolean {
  const isLarge = Math.abs(short.measured) > 10 * short.noise;
  return isLarge && Math.abs(short.difference) > Math.abs(long.difference) / 2;
}

export const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
