import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linearTable, writeTable, type WrittenTable } from '../prototype/table.fixture.ts';
import { readFeatures } from './features.ts';
import { valuesOf } from './feature-value.ts';
import { inspect } from './inspect.ts';
import { loadClassifier } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'eidoscope-features-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (features: unknown) => readFeatures(features as string, folder, 'table.json');
const age = { name: 'age', unit: 'years', min: 18, max: 90, mean: 40, std: 12 };
const home = { name: 'home', categories: ['owns', 'rents', 'free'] };

describe('features of a table', () => {
  it('fill columns one after the other, a one-hot category one for each', () => {
    const code = { name: 'region', categories: ['a', 'b'], encoding: 'code' };
    const { features, preprocessing } = read([age, home, code]);
    expect(features.map(({ column, width }) => [column, width])).toEqual([
      [0, 1],
      [1, 3],
      [4, 1],
    ]);
    // (18 + position · 72 − 40) / 12 = (position − 22 / 72) / (12 / 72)
    expect(preprocessing.mean[0]).toBeCloseTo(22 / 72, 12);
    expect(preprocessing.std[0]).toBeCloseTo(12 / 72, 12);
    expect(preprocessing.mean.slice(1, 4)).toEqual([0, 0, 0]);
    expect(valuesOf(features, Float32Array.of(0.5, 0, 1, 0, 1))).toMatchObject([
      { value: 54, unit: 'years' },
      { category: 'rents', value: 1 },
      { category: 'b', value: 1 },
    ]);
  });

  it('may stand in a CSV or a JSON file beside the model, and nowhere else', () => {
    const csv =
      'name,unit,min,max,mean,std,integer,categories\n' +
      'age,years,18,90,40,12,,\nrooms,,1,9,,,true,\nhome,,,,,,,owns|rents|free\n';
    writeFileSync(join(folder, 'features.csv'), csv);
    const { features, file } = read('features.csv');
    expect(file).toBe(join(folder, 'features.csv'));
    expect(features).toEqual(
      read([age, { name: 'rooms', min: 1, max: 9, integer: true }, home]).features,
    );
    writeFileSync(join(folder, 'features.json'), JSON.stringify([age, home]));
    expect(read('features.json').features).toEqual(read([age, home]).features);
    mkdirSync(join(folder, 'inner'), { recursive: true });
    expect(() => read('../features.csv')).toThrow(/outside the folder/);
  });

  it.each([
    ['no bounds', [{ name: 'x' }], /x in table.json has no bounds; give its min and max/],
    ['turned bounds', [{ name: 'x', min: 3, max: 3 }], /min that is not below its max/],
    ['half numbers', [{ name: 'x', min: 0.5, max: 3, integer: true }], /whole number/],
    ['a name twice', [age, age], /names the feature age twice/],
    ['a category twice', [{ name: 'x', categories: ['a', 'a'] }], /category of x twice/],
  ])('are refused with %s', (_, features, reason) => {
    expect(() => read(features)).toThrow(reason);
  });

  it('are refused in a file that says something else', () => {
    writeFileSync(join(folder, 'odd.csv'), 'name,min,max,colour\nx,0,1,red\n');
    expect(() => read('odd.csv')).toThrow(/there is no colour/);
    writeFileSync(join(folder, 'words.csv'), 'name,min,max\nx,low,1\n');
    expect(() => read('words.csv')).toThrow(/must be a number/);
  });
});

describe('a model of rows', () => {
  const written: WrittenTable[] = [];
  afterAll(() => {
    for (const each of written) each.remove();
  });
  const write = (sidecar: unknown, columns = 2): string => {
    const weights = Array.from({ length: columns }, (_, i) => [i, -i]);
    const table = writeTable(linearTable(weights, [0, 0]), sidecar);
    written.push(table);
    return table.path;
  };

  it('asks for names and bounds where nothing says them', async () => {
    const { problem, classifier } = await inspect(write(undefined));
    expect(problem).toMatch(/rows of 2 features; say in table.json beside it, under "features"/);
    expect(classifier).toBeUndefined();
  });

  it('is refused where the features are those of another table', async () => {
    const path = write({ features: [age] });
    await expect(loadClassifier(path)).rejects.toThrow(/rows of 2 columns.+fill 1/);
  });

  it('is a classifier of one pixel with a channel for each column', async () => {
    const path = write({ features: [age, { name: 'x', min: 0, max: 1 }], name: 'mine' });
    const { classifier } = await inspect(path);
    expect(classifier?.input).toMatchObject({ channels: 2, height: 1, width: 1, layout: 'table' });
    expect(classifier?.input.batch).toBe('free');
    expect(classifier?.labels).toEqual(['class 0', 'class 1']);
  });
});
