import { expect, it } from 'vitest';
import { batchInWords } from './batch.ts';

it('a batch is told with its reason and what was measured', () => {
  const because = 'With 8 an image is hardly faster.';
  const trials = [
    { batch: 1, msPerImage: 10 },
    { batch: 4, msPerImage: 4.126 },
    { batch: 8, msPerImage: 3.98 },
  ];
  expect(batchInWords({ images: 4, because, trials, ranOut: [] })).toBe(
    '4. With 8 an image is hardly faster. Milliseconds an image: 10 with 1, 4.1 with 4, 4 with 8.',
  );
});

it('a batch that was not measured is told without figures', () => {
  const because = 'A processor is no faster with more.';
  expect(batchInWords({ images: 1, because, trials: [], ranOut: [] })).toBe(`1. ${because}`);
});
