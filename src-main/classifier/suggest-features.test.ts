import { expect, it } from 'vitest';
import { readCsv } from './features.ts';
import { suggest } from './suggest-features.ts';

const csv = (text: string) => readCsv(text, 'rows.csv');

it('takes bounds from the least and the greatest number, and categories from words', () => {
  const text =
    'age,income,home,class\n41,38.5,rents,granted\n18,8,owns,refused\n85,,rents,granted\n';
  expect(suggest(csv(text), ['class'])).toEqual([
    { name: 'age', min: 18, max: 85, integer: true },
    { name: 'income', min: 8, max: 38.5 },
    { name: 'home', categories: ['owns', 'rents'] },
  ]);
});

it('knows the tabs and semicolons of spreadsheets', () => {
  const found = [
    { name: 'age', min: 1, max: 2, integer: true },
    { name: 'a,b', min: 3, max: 4, integer: true },
  ];
  expect(suggest(csv('age\ta,b\n1\t3\n2\t4\n'))).toEqual(found);
  expect(suggest(csv('age;a.b\n1;3\n2;4\n'))).toMatchObject([{ name: 'age' }, { name: 'a.b' }]);
});

it('takes names alone from a first line alone, and from words that are all different', () => {
  expect(suggest(csv('age,home\n'))).toEqual([{ name: 'age' }, { name: 'home' }]);
  const names = Array.from({ length: 65 }, (_, i) => `person ${i}`).join('\n');
  expect(suggest(csv(`name\n${names}\n`))).toEqual([{ name: 'name' }]);
  expect(suggest(csv('town\nBern\nBern\n'))).toEqual([{ name: 'town' }]);
});
