import { describe, expect, it } from 'vitest';
import { boundsWords, differenceWords, filledPart, valueWords } from './features.ts';

const age = { name: 'age', unit: 'years', min: 20, max: 100, value: 60.123456, position: 0.5 };
const home = {
  ...{ name: 'home', min: 0, max: 2, value: 1, position: 1 },
  ...{ category: 'rents', categories: ['owns', 'rents', 'free'] },
};

describe('a feature in words', () => {
  it('has its value with a unit, or its category', () => {
    expect(valueWords(age)).toBe('60.12 years');
    expect(valueWords({ ...age, unit: undefined, max: 1e6, value: 123456.7 })).toBe('123,457');
    expect(valueWords({ ...age, min: 0, max: 0.01, value: 0.00123456 })).toBe('0.00123 years');
    expect(valueWords(home)).toBe('rents');
  });

  it('has its bounds or categories', () => {
    expect(boundsWords(age)).toBe('20 to 100 years');
    expect(boundsWords(home)).toBe('one of owns, rents, free');
  });

  it('differs from another by what it has more or less, and not by rounding', () => {
    expect(differenceWords(age, { ...age, value: 50.123456 })).toBe('+10 years');
    expect(differenceWords(age, { ...age, value: 70.123456 })).toBe('−10 years');
    expect(differenceWords(age, { ...age, value: 60.12 })).toBe('');
    expect(differenceWords(home, { ...home, value: 0, category: 'owns' })).toBe('not owns');
    expect(differenceWords(home, home)).toBe('');
  });
});

it('a bar is filled up to the value, and a category is a piece of it', () => {
  expect(filledPart(age)).toEqual({ left: 0, width: 0.5 });
  expect(filledPart({ ...age, position: 1.2 })).toEqual({ left: 0, width: 1 });
  expect(filledPart(home)).toEqual({ left: 1 / 3, width: 1 / 3 });
});
