import { expect, it } from 'vitest';
import { strongest } from './entanglement.ts';

const entanglement = {
  ...{ modelId: 1, profile: 'paper', classes: [3, 5, 8], cosines: [], pairs: [] },
  probabilities: [
    [0.9, 0.01, 0.02],
    [0.01, 0.9, 0.3],
    [0.02, 0, 0.9],
  ],
};

it('shows the classes that have most to do with others, in their order', () => {
  expect(strongest(entanglement, 'probabilities', 2)).toEqual({
    classes: [5, 8],
    values: [
      [0.9, 0.3],
      [0, 0.9],
    ],
    left: 1,
  });
});

it('shows a matrix that was not measured as empty', () => {
  expect(strongest(entanglement, 'cosines', 1).values).toEqual([[null]]);
});
