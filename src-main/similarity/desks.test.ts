import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { poolingOf } from './channels.ts';
import { Desk, type Tap } from './desk.ts';
import { Desks, share } from './desks.ts';

/** Writes a module of src-main as JavaScript into a folder, as a build that keeps modules apart does. */
async function stripInto(build: string, file: string): Promise<void> {
  const source = join(import.meta.dirname, file);
  const target = join(
    build,
    relative(join(import.meta.dirname, '..'), source).replace(/ts$/, 'js'),
  );
  const code = stripTypeScriptTypes(await readFile(source, 'utf8'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
}

const taps: Tap[] = [
  { value: 'a', dims: [1, 2, 2, 2] },
  { value: 'b', dims: [1, 30] },
  { value: 'c', dims: [1, 3, 4] },
];
const wave = (length: number, phase: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(3 * i + phase) + Math.cos(phase * i));
const image = (phase: number) => [wave(8, phase), wave(30, phase), wave(12, phase)];

describe('channel pooling', () => {
  it('takes the mean over positions for maps, over tokens for sequences, and leaves vectors', () => {
    const values = Float32Array.of(1, 3, 5, 7, 2, 4, 6, 8);
    expect([...poolingOf([1, 2, 2, 2]).pool(values)]).toEqual([4, 5]);
    expect([...poolingOf([1, 2, 2, 1, 2]).pool(values)]).toEqual([4, 5]);
    expect([...poolingOf([1, 4, 2]).pool(values)]).toEqual([3.5, 5.5]);
    expect(poolingOf([1, 8]).pool(values)).toBe(values);
  });
});

describe('desks on threads', () => {
  it('give the figures of one desk, however many threads share the taps', async () => {
    const desk = new Desk(taps);
    desk.start(null);
    for (const phase of [1, 2, 3]) desk.add({ values: image(phase), keep: false });
    desk.settle(null);
    const expected = [1, 2, 3].map((phase) => desk.measure(image(phase)).figures);
    const yardsticks = desk.finish(null);
    for (const threads of [1, 2, 9]) {
      const desks = new Desks(taps, threads);
      await desks.start();
      for (const phase of [1, 2, 3]) await desks.add(image(phase), phase === 1);
      await desks.settle();
      expect((await desks.measureKept()).figures).toEqual(expected[0]);
      expect((await desks.measure(image(2))).figures).toEqual(expected[1]);
      const { figures, spent } = await desks.measure(image(3));
      expect(figures).toEqual(expected[2]);
      expect(spent).toEqual(image(3));
      expect(await desks.finish()).toEqual(yardsticks);
      await desks.close();
    }
  });

  it('report an error in words and go on working', async () => {
    const desks = new Desks(taps, 2);
    await desks.start();
    await desks.add(image(1), false);
    await desks.add(image(2), false);
    await desks.settle();
    const broken = image(1);
    broken[1][4] = NaN;
    await expect(desks.measure(broken)).rejects.toThrow(
      'Similarity cannot be measured: an activation is not a number in the layer b.',
    );
    expect((await desks.measure(image(1))).figures).toHaveLength(18);
    await desks.close();
  });

  it('reject what is under way when they are closed, and everything after', async () => {
    const desks = new Desks(taps, 1);
    const started = desks.start();
    const rejected = expect(started).rejects.toThrow('Ranking activations stopped');
    await desks.close();
    await rejected;
    await expect(desks.start()).rejects.toThrow('Ranking activations stopped');
  });

  it('find their thread in a build, where files end in .js', async () => {
    const build = await mkdtemp(join(tmpdir(), 'desks-build-'));
    try {
      await writeFile(join(build, 'package.json'), '{ "type": "module" }');
      await stripInto(build, '../graph/ir.ts');
      for (const file of await readdir(import.meta.dirname)) {
        if (file.endsWith('.ts') && !file.endsWith('.test.ts')) await stripInto(build, `./${file}`);
      }
      const built = (await import(
        pathToFileURL(join(build, 'similarity/desks.js')).href
      )) as typeof import('./desks.ts');
      const desks = new built.Desks(taps, 2);
      await desks.start();
      expect(await desks.finish()).toHaveLength(taps.length);
      await desks.close();
    } finally {
      await rm(build, { recursive: true });
    }
  });

  it('share sizes evenly and leave nothing out', () => {
    const sizes = [8, 1, 1, 7, 5, 2];
    const hands = share(sizes, 2);
    expect(hands.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(hands.map((hand) => hand.reduce((sum, i) => sum + sizes[i], 0))).toEqual([12, 12]);
  });
});
