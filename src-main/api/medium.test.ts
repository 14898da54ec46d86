import { expect, it } from 'vitest';
import { capital, mediumOf, wordsOf } from './medium.ts';

const [image, table] = [{}, { features: 3 }];

it('is that of the models, and both where they take different things', () => {
  expect(mediumOf([])).toBe('images');
  expect(mediumOf([image, image])).toBe('images');
  expect(mediumOf([table, { columns: ['age'] }])).toBe('rows');
  expect(mediumOf([image, table])).toBe('both');
});

it('says photographs of images alone', () => {
  expect(wordsOf(image).many).toBe('photographs');
  expect(wordsOf(table).natural).toBe('natural rows');
  expect(capital(wordsOf(image, table).many)).toBe('Examples');
});
