import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Feature } from '../classifier/features.ts';
import { fingerprintOfRows, readRowFile, readRows, rowSet } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'eidoscope-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const features: Feature[] = [
  { name: 'age', column: 0, width: 1, min: 20, max: 60, integer: false },
  {
    ...{ name: 'home', column: 1, width: 2, min: 0, max: 1, integer: false },
    categories: ['owns', 'rents'],
  },
  {
    ...{ name: 'region', column: 3, width: 1, min: 0, max: 2, integer: true },
    categories: ['n', 's', 'w'],
  },
];
const labels = ['refused', 'granted'];

function write(text: string): string {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, text);
  return file;
}

const head = 'region,age,home,class\n';

describe('natural rows', () => {
  it('become positions between the bounds, in any order of columns', () => {
    const { rows } = readRows(write(`${head}w,30,rents,granted\n1,70,0,refused\n`), features);
    expect(rows.map(({ positions }) => [...positions])).toEqual([
      [0.25, 0, 1, 1],
      [1.25, 1, 0, 0.5],
    ]);
    expect(rows.map(({ name, label }) => [name, label])).toEqual([
      ['row 1', 'granted'],
      ['row 2', 'refused'],
    ]);
  });

  it('stand by class, with those of no class named, and unreadable ones left out', () => {
    const text = 'w,30,rents,Granted\ns,old,owns,granted\nn,40,owns,1\nn,41,owns,lost\n';
    const set = rowSet(write(head + text), { features, labels });
    expect(set.classes.map(({ index, files }) => [index, files.map(({ name }) => name)])).toEqual([
      [1, ['row 1', 'row 3']],
    ]);
    expect(set.unmatched).toEqual(['lost']);
    expect(set.skipped).toEqual([{ name: 'row 2', reason: 'row 2 has "old" for age.' }]);
  });

  it('have a fingerprint that a changed value changes', () => {
    const of = (age: number): string =>
      rowSet(write(`${head}w,${age},rents,granted\n`), { features, labels }).fingerprint;
    expect(of(30)).toBe(of(30));
    expect(of(30)).not.toBe(of(31));
  });

  it('have one fingerprint for every model that reads all of them, in any order of columns', () => {
    const file = write(`${head}w,30,rents,granted\nn,40,owns,refused\n`);
    const known = fingerprintOfRows(readRowFile(file).lines);
    expect(rowSet(file, { features, labels }).fingerprint).toBe(known);
    const fewer = { features: features.slice(0, 1), labels: labels.toReversed() };
    expect(rowSet(file, fewer).fingerprint).toBe(known);
    const moved = write('age,class,home,region\n30,granted,rents,w\n40,refused,owns,n\n');
    expect(fingerprintOfRows(readRowFile(moved).lines)).toBe(known);
    expect(rowSet(file, { features, labels, among: [1] }).fingerprint).not.toBe(known);
  });

  it.each([
    ['a feature', 'age,home,class\n30,owns,granted\n', /lacks the feature region/],
    ['the classes', 'region,age,home\nn,30,owns\n', /lacks the class of each row/],
    ['several features', 'age,class\n30,granted\n', /lacks the features home, region;/],
    ['rows', head, /has no rows below the names/],
    ['one name a column', 'age,age,class\n1,2,granted\n', /two columns called age/],
    ['a known class', `${head}n,30,owns,grant\n`, /"grant" is nearest to "granted"/],
    ['whole lines', `${head}n,30\n`, /is no CSV file/],
  ])('are refused where they lack %s', (_, text, reason) => {
    expect(() => rowSet(write(text), { features, labels })).toThrow(reason);
  });
});
