import { Stream } from '../random/philox.ts';
import { naturalMeans, type ClassFigures } from './summary.ts';

/** How often each of n images counts in a redraw; the counts sum to n. */
export type Draw = Uint32Array;

/**
 * Redraws of a class: n images are drawn from its n with replacement, `resamples` times.
 * @param classIndex every class draws from a stream of its own, so the order of classes does not matter
 */
export function drawsOf(n: number, classIndex: number, seed: number, resamples: number): Draw[] {
  const stream = new Stream(seed, classIndex, 0, 'bootstrap');
  return Array.from({ length: resamples }, (_, replicate) => {
    stream.seek(replicate);
    const draw = new Uint32Array(n);
    for (let i = 0; i < n; i++) draw[Math.floor(stream.uniform(0, n))]++;
    return draw;
  });
}

/**
 * Bootstrap replicates of a class: what is averaged over images is averaged over the draw. The mean activations that
 * images and subjects are compared with stay those of the whole class: drawing them anew would mean to rank every
 * activation again for each replicate.
 *
 * @returns for each redraw the natural means as `naturalMeans` gives them
 */
export function bootstrap(figures: ClassFigures, draws: readonly Draw[]): Float64Array[] {
  return draws.map((draw) => naturalMeans(figures, draw));
}
