import { afterEach, describe, expect, it } from 'vitest';
import type { Classifier } from '../classifier/classifier.ts';
import { valuesOf } from '../classifier/feature-value.ts';
import { loadClassifier } from '../classifier/load.ts';
import { preprocess, preprocessOf } from '../classifier/preprocess.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { resolveConfiguration, type Overrides } from './configuration.ts';
import type { GenerationEvent, Prototype } from './events.ts';
import { PrototypeGenerator, type GenerationOptions } from './generate.ts';
import golden from './golden/table.json' with { type: 'json' };
import { Arena } from './kernels/arena.ts';
import { configurationFor } from './medium.ts';
import { Objective } from './objective.ts';
import { ColumnsOfFeatures } from './parameterisation/columns.ts';
import {
  bumpTable,
  linearTable,
  mlpTable,
  writeTable,
  type WrittenTable,
} from './table.fixture.ts';
import type { Graph } from '../graph/ir.ts';

const engine = await openOnnxRuntime({ threads: 1 });
const written: WrittenTable[] = [];
afterEach(() => {
  for (const each of written.splice(0)) each.remove();
});

function load(graph: Graph, features: unknown): Promise<Classifier> {
  const table = writeTable(graph, { features });
  written.push(table);
  return loadClassifier(table.path);
}

async function events(
  classifier: Classifier,
  overrides: Overrides,
  options: Partial<GenerationOptions> = {},
  classIndex = 0,
): Promise<GenerationEvent[]> {
  const configuration = configurationFor(classifier, 'paper', { snapshotEvery: 0, ...overrides });
  const generator = await PrototypeGenerator.open(classifier, engine, configuration);
  const told: GenerationEvent[] = [];
  const onEvent = (event: GenerationEvent): void => void told.push(event);
  await generator.generate([{ classIndex, prototype: 0 }], { onEvent, ...options });
  await generator.release();
  return told;
}

const finished = (told: readonly GenerationEvent[]): Prototype => {
  const made = told.find((event) => event.type === 'finished');
  if (!made) throw new Error(JSON.stringify(told.at(-1)));
  return made;
};

const prototype = async (classifier: Classifier, overrides: Overrides, classIndex = 0) =>
  finished(await events(classifier, overrides, {}, classIndex));

const age = { name: 'age', unit: 'years', min: 18, max: 90, mean: 40, std: 12 };
const income = { name: 'income', unit: 'k€', min: 0, max: 200 };
const home = { name: 'home', categories: ['owns', 'rents', 'free'] };
const numbers = ({ features }: Classifier, { image }: Prototype) =>
  valuesOf(features!, image).map(({ value }) => value);

/** So fast that the walls of the bounds are reached: the usual rate comes to within a hundredth. */
const FAR: Overrides = { learningRate: 1 };

describe('a prototype of a table', () => {
  it('lies in the corner of the bounds that a linear classifier likes best', async () => {
    const weights = [[0.5], [-0.02], [0.1], [0.9], [-3]].map(([w]) => [w, -w]);
    const linear = await load(linearTable(weights, [1, 2]), [age, income, home]);
    for (const [index, sign] of [1, -1].entries()) {
      const made = await prototype(linear, FAR, index);
      const [years, money, category] = numbers(linear, made);
      const corner = index === 0 ? [90, 0, 1] : [18, 200, 2];
      [years, money, category].forEach((value, i) => expect(value).toBeCloseTo(corner[i], 2));
      const standardised = (years - 40) / 12;
      const best = sign * (0.5 * standardised - 0.02 * money + [0.1, 0.9, -3][category]);
      expect(made.logit).toBeCloseTo(best + [1, 2][index], 4);
      expect(best).toBeCloseTo(index === 0 ? 0.5 * (50 / 12) + 0.9 : 0.5 * (22 / 12) + 4 + 3, 3);
      // Nothing beats a corner of the simplex, so settling cannot have lowered it by more than rounding.
      expect(made.unsettledLogit).toBeCloseTo(made.logit, 2);
      const usual = await prototype(linear, {}, index);
      made.image.forEach((value, i) => expect(Math.abs(value - usual.image[i])).toBeLessThan(0.01));
    }
  });

  it('finds the top of a hill within the bounds, and the wall in front of one outside', async () => {
    const hill = [
      [61.3, 250],
      [20, 100],
    ];
    const bumps = await load(bumpTable(hill, [20, 100]), [{ ...age, mean: 0, std: 1 }, income]);
    const made = await prototype(bumps, FAR);
    const [years, money] = numbers(bumps, made);
    expect(years).toBeCloseTo(61.3, 1);
    expect(money).toBeCloseTo(200, 1);
    expect(made.logit).toBeCloseTo(-(0.5 ** 2), 3);
    expect(made.unsettledLogit).toBeUndefined();
  });

  it('ends at a whole number and one category, and says what that cost', async () => {
    const rooms = { name: 'rooms', min: 1, max: 9, integer: true };
    const code = { name: 'region', categories: ['north', 'south', 'west'], encoding: 'code' };
    const bumps = await load(
      bumpTable(
        [
          [3.3, 1.4],
          [8, 0],
        ],
        [1, 1],
      ),
      [rooms, code],
    );
    const made = await prototype(bumps, {});
    const [first, second] = valuesOf(bumps.features!, made.image);
    expect([first.value, second.value, second.category]).toEqual([3, 1, 'south']);
    expect(made.unsettledLogit).toBeCloseTo(0, 3);
    expect(made.logit).toBeCloseTo(-(0.3 ** 2 + 0.4 ** 2), 4);
  });

  it('stays near its baseline under a pull: b + g / (2 w s²)', async () => {
    const linear = await load(linearTable([[3, 0]], [0, 0]), [{ name: 'x', min: 0, max: 1 }]);
    const baseline = { enabled: false };
    const made = await prototype(linear, { baseline, initStd: 0, penalty: { weight: 1 } });
    expect(made.image[0]).toBeCloseTo(0.5 + 3 / (2 * 12), 4);
    expect(made.losses.highFrequency).toBeCloseTo(12 * (1 / 8) ** 2, 4);
  });

  it('starts where no class is ahead', async () => {
    const linear = await load(linearTable([[1, -1]], [2, 0]), [{ name: 'x', min: -4, max: 4 }]);
    const told = await events(linear, { steps: 1 });
    const first = told.find((event) => event.type === 'step' && event.stage === 'prototype');
    // z = (x + 2, −x): even at x = −1, where both are 1. Stage 1 stops within 1/1000 of a one-hot's variance.
    expect(first?.type === 'step' && Math.abs(first.logit - 1)).toBeLessThan(0.05);
  });
});

describe('PyTorch', () => {
  const features = [age, { ...income }, home];
  const { first, bias, second } = golden;
  const open = () => load(mlpTable(5, first, bias, second), features);

  it('gives the same gradient of a row', async () => {
    const classifier = await open();
    const objective = await Objective.compile(classifier, engine, 1);
    const columns = new ColumnsOfFeatures(classifier.features!, 1);
    const arena = new Arena(1e5);
    const [row, slope, gradient] = [0, 1, 2].map(() => arena.floats(columns.size));
    columns.toImage(arena.copy(golden.at), row);
    const shown = new Float32Array(columns.size);
    const line = preprocessOf(classifier.preprocessing);
    preprocess(line, row, shown);
    const weights = Float32Array.from({ length: 3 }, (_, k) => (k === golden.target ? 1 : 0));
    const answer = await objective.run(shown, weights, new Float32Array(1));
    answer.gradient.forEach((value, i) => (slope[i] = value * line.gain[i]));
    columns.adjoint(row, slope, gradient);
    await objective.release();
    gradient.forEach((value, i) => {
      expect(Math.abs(value - golden.gradient[i])).toBeLessThan(1e-5);
    });
  });

  it('walks stage 2 with a pull to the same row', async () => {
    const classifier = await open();
    const told = await events(
      classifier,
      {
        ...{ steps: golden.walk.length, initStd: 0, baseline: { enabled: false } },
        penalty: { weight: golden.weight },
      },
      {},
      golden.target,
    );
    const steps = told.filter((event) => event.type === 'step');
    steps.forEach(({ logit, losses }, step) => {
      expect(logit).toBeCloseTo(golden.walk[step].logit, 4);
      expect(losses.highFrequency).toBeCloseTo(golden.walk[step].pull, 4);
    });
    const made = finished(told);
    expect(steps.length).toBe(golden.walk.length);
    [0, 1].forEach((i) => expect(made.image[i]).toBeCloseTo(golden.row[i], 5));
    expect(made.unsettledLogit).toBeCloseTo(golden.unsettledLogit, 4);
    made.logits.forEach((logit, k) => expect(logit).toBeCloseTo(golden.logits[k], 4));
  });
});

it('goes on from a checkpoint to the same bytes', async () => {
  const { first, bias, second } = golden;
  const classifier = await load(mlpTable(5, first, bias, second), [age, income, home]);
  const overrides = { steps: 40, seed: 7, penalty: { weight: 0.02 } };
  const whole = finished(await events(classifier, overrides));
  const told = await events(classifier, overrides, { checkpointEvery: 7 });
  const checkpoints = told.filter((event) => event.type === 'checkpoint');
  const stages = new Set(checkpoints.map(({ checkpoint }) => checkpoint.stage));
  expect(stages).toContain('prototype');
  for (const { checkpoint } of checkpoints) {
    const kept: Checkpoint = decodeCheckpoint(encodeCheckpoint(checkpoint));
    const resumed = finished(await events(classifier, overrides, { checkpoints: [kept] }));
    expect(Buffer.from(resumed.image.slice().buffer)).toEqual(
      Buffer.from(whole.image.slice().buffer),
    );
    expect([resumed.logit, resumed.unsettledLogit]).toEqual([whole.logit, whole.unsettledLogit]);
  }
});

describe('what does not fit', () => {
  it('is refused by the name of the model and of the option', async () => {
    const table = await load(linearTable([[1, 2]], [0, 0]), [{ name: 'x', min: 0, max: 1 }]);
    const images = { name: 'resnet' };
    expect(() => configurationFor(table, 'fourier')).toThrow(/table takes features; use paper/);
    expect(() => configurationFor(table, 'paper', { penalty: { kind: 'sum' } })).toThrow(/pull/);
    expect(() => configurationFor(table, 'paper', { affine: { enabled: true } })).toThrow(/affine/);
    expect(() => configurationFor(images, 'paper', { parameterisation: 'features' })).toThrow(
      /resnet takes images/,
    );
    const paper = resolveConfiguration('paper');
    await expect(PrototypeGenerator.open(table, engine, paper)).rejects.toThrow(/takes features/);
  });
});
