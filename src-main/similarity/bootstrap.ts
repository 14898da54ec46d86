import { Stream } from '../prototype/philox.ts';
import { naturalMeans, type ClassFigures } from './summary.ts';

/**
 * Bootstrap replicates of a class: n natural images are drawn from its n with replacement, and what is averaged over
 * images is averaged over the draw. The mean activations that images and subjects are compared with stay those of the
 * whole class: drawing them anew would mean to rank every activation again for each replicate.
 *
 * @param classIndex every class draws from a stream of its own, so the order of classes does not matter
 * @returns for each replicate the natural means as `naturalMeans` gives them
 */
export function bootstrap(
  figures: ClassFigures,
  classIndex: number,
  seed: number,
  resamples: number,
): Float64Array[] {
  const stream = new Stream(seed, classIndex, 0, 'bootstrap');
  return Array.from({ length: resamples }, (_, replicate) => {
    stream.seek(replicate);
    const weights = new Float64Array(figures.n);
    for (let i = 0; i < figures.n; i++) weights[Math.floor(stream.uniform(0, figures.n))]++;
    return naturalMeans(figures, weights);
  });
}
