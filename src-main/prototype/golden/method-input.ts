/** Writes method-input.json: the tests' classifier, a start and the affine draws of a prototype, for method.py. */
import { writeFileSync } from 'node:fs';
import { drawAffine } from '../affine.ts';
import { resolveConfiguration } from '../configuration.ts';
import { tinyClassifier, TINY } from '../fixture.ts';
import { Stream } from '../../random/philox.ts';

const { graph, preprocessing } = tinyClassifier(3);
const configuration = resolveConfiguration('paper', { steps: 8, seed: 21, initStd: 0.5 });
const start = new Float32Array(TINY.channels * TINY.height * TINY.width);
new Stream(configuration.seed, 2, 1, 'start').seek(0).normal(start, configuration.initStd);
const draws = Array.from({ length: configuration.steps }, (_, step) =>
  drawAffine(new Stream(configuration.seed, 2, 1, 'affine').seek(step), configuration.affine),
);
const constants = new Map(
  [...graph.constants].map(([name, { dims, data }]) => [
    name,
    { dims, data: Array.from(data, Number) },
  ]),
);
const input = {
  configuration,
  shape: TINY,
  job: { classIndex: 2, prototype: 1 },
  preprocessing,
  constants: Object.fromEntries(constants),
  start: [...start],
  draws,
};
writeFileSync(new URL('./method-input.json', import.meta.url), `${JSON.stringify(input)}\n`);
