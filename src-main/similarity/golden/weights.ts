/**
 * The program's redraws of the small network's images, for NumPy to score: node weights.ts > weights.json
 * [class][redraw][image], with the seed 0.
 */
import { drawsOf } from '../bootstrap.ts';
import golden from './protocol.json' with { type: 'json' };

const REDRAWS = 50;

const weightsOf = (classes: readonly { readonly kept: readonly number[] }[]) =>
  classes.map(({ kept }, c) => drawsOf(kept.length, c, 0, REDRAWS).map((draw) => [...draw]));

const { predicted, labelled } = golden.results;
const weights = {
  predicted: weightsOf(predicted.classes),
  labelled: weightsOf(labelled.classes),
};

process.stdout.write(`${JSON.stringify(weights)}\n`);
