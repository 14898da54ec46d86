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

it('takes names alone from a first line alone, and from words that are all different', () => {
  expect(suggest(csv('age,home\n'))).toEqual([{ name: 'age' }, { name: 'home' }]);
  const names = Array.from({ length: 65 }, (_, i) => `person ${i}`).join('\n');
  expect(suggest(csv(`name\n${names}\n`))).toEqual([{ name: 'name' }]);
  expect(suggest(csv('town\nBern\nBern\n'))).toEqual([{ name: 'town' }]);
});
