import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNative } from '../src-main/engine/tensorflow/location.ts';
import { node } from './support/command.ts';

const launcher = join(import.meta.dirname, '..', 'scripts', 'eidoscope.mjs');

/** Stands for the built command line: says what it was given, then does what it is told. */
const program = `
const [word] = process.argv.slice(2);
console.log(JSON.stringify(process.argv.slice(2)));
if (word === 'fail') process.exitCode = 3;
if (word === 'wait') setTimeout(() => {}, 60_000);
`;

describe('the eidoscope program', () => {
  let folder: string;
  let copy: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'program-test-'));
    copy = join(folder, 'scripts', 'eidoscope.mjs');
    fs.mkdirSync(dirname(copy));
    fs.copyFileSync(launcher, copy);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const build = (): void => {
    const built = join(folder, 'out', 'main', 'host', 'cli', 'main.js');
    fs.mkdirSync(dirname(built), { recursive: true });
    fs.writeFileSync(built, program);
  };
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [copy, ...args], { encoding: 'utf8' });

  it('says what to do when it is not built, and writes nothing to standard output', () => {
    expect(start('--help')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'Eidoscope is not built yet: run "npm ci" and "npm run build" in its folder.\n',
    });
  });

  it('passes arguments and exit code through', () => {
    build();
    const args = ['fail', 'two words', '--flag=ü'];
    expect(start(...args)).toMatchObject({
      status: 3,
      stdout: `${JSON.stringify(args)}\n`,
      stderr: '',
    });
  });

  it('ends with the signal that ended its command', async () => {
    build();
    const child = spawn(process.execPath, [copy, 'wait']);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });
});

const root = join(import.meta.dirname, '..');
const built = join(root, 'out', 'main', 'host', 'cli', 'main.js');
const hasNative = (() => {
  try {
    return findNative() !== '';
  } catch {
    return false;
  }
})();
if (!hasNative) it.skip('the native TensorFlow (npm run setup:tensorflow prepares it)');

/** What Keras says of a model that it saved (src-main/graph/keras/golden/make.py). */
interface Golden {
  readonly shape: readonly number[];
  readonly image: readonly number[];
  readonly logits: readonly number[];
}

function probabilities(logits: Float32Array, classes: number): Float32Array {
  return logits.map((logit, i) => {
    const first = i - (i % classes);
    const own = logits.subarray(first, first + classes);
    return Math.exp(logit) / own.reduce((sum, each) => sum + Math.exp(each), 0);
  });
}

describe.skipIf(!fs.existsSync(built))('the program as it is built', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'program-test-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const engines = ['cpu', 'tensorflow-wasm', ...(hasNative ? ['tensorflow'] : [])];
  const files = ['everything.h5', 'everything.keras', 'chain.keras', 'chain.h5'];
  const pairs = files.flatMap((file) => engines.map((engine) => [file, engine] as const));

  it.each(pairs)('reads %s in its own thread, and gives Keras’s logits on %s', (file, engine) => {
    const model = join(root, 'src-main', 'graph', 'keras', 'golden', file);
    const golden = JSON.parse(fs.readFileSync(`${model}.json`, 'utf8')) as Golden;
    const [input, logits] = [join(folder, 'input.bin'), join(folder, 'logits.bin')];
    fs.writeFileSync(input, Float32Array.from(golden.image));
    const options = {
      ...{ '--input': input, '--shape': golden.shape.join(), '--classes': '0' },
      ...{ '--logits': logits, '--engine': engine },
    };
    const args = ['gradient', model, '--json', ...Object.entries(options).flat()];
    const { status, stdout, stderr } = spawnSync(node, [built, ...args], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect((JSON.parse(stdout) as { engine: object }).engine).not.toHaveProperty('fallback');
    const values = new Float32Array(Uint8Array.from(fs.readFileSync(logits)).buffer);
    // A chain ends in the probabilities of four classes, behind which its logits are found.
    const found = file.startsWith('chain') ? probabilities(values, 4) : values;
    const largest = Math.max(...golden.logits.map(Math.abs));
    expect(found).toHaveLength(golden.logits.length);
    golden.logits.forEach((value, i) =>
      expect(Math.abs(found[i] - value)).toBeLessThan(1e-4 * largest),
    );
  });
});
