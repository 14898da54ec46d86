import { expect, it } from 'vitest';
import { checkOperator, checkTypes } from '../../../test/support/gradient.ts';
import { uniform } from '../../../test/support/random.ts';
import { attr } from '../attributes.ts';

it.each<[string, number[][]]>([
  [
    'bhid,bhjd->bhij',
    [
      [2, 2, 3, 4],
      [2, 2, 5, 4],
    ],
  ],
  [
    'bhij,bhjd->bhid',
    [
      [2, 2, 3, 5],
      [2, 2, 5, 4],
    ],
  ],
  [
    'bnqd , bnkd -> bnqk',
    [
      [1, 2, 3, 4],
      [1, 2, 2, 4],
    ],
  ],
  [
    'bhwc,hkc->bhwk',
    [
      [2, 3, 4, 5],
      [3, 6, 5],
    ],
  ],
  ['i,j->ij', [[3], [4]]],
  ['i,i->', [[3], [3]]],
  ['ij,k->i', [[2, 3], [4]]],
  ['ij->ji', [[2, 3]]],
  ['ijk->j', [[2, 3, 4]]],
  ['ij->ij', [[2, 3]]],
  [
    'ij,jk',
    [
      [2, 3],
      [3, 4],
    ],
  ],
  ['ba', [[2, 3]]],
  [
    '...ij,...jk->...ik',
    [
      [5, 2, 3],
      [5, 3, 4],
    ],
  ],
  [
    '...d,de->...e',
    [
      [2, 5, 3],
      [3, 4],
    ],
  ],
  [
    'ij,jk,kl->il',
    [
      [2, 3],
      [3, 2],
      [2, 4],
    ],
  ],
])('%s of %j is differentiated', async (equation, shapes) => {
  const inputs = shapes.map((dims, i) => uniform(dims, -1, 1, i + 1));
  await checkOperator({ op: 'Einsum', inputs, attributes: { equation: attr.string(equation) } });
});

it.each<[string, number[][], string]>([
  ['ii->i', [[3, 3]], 'diagonal'],
  [
    'ij,jk->ik',
    [
      [2, 3],
      [4, 2],
    ],
    'the index j',
  ],
  ['ij->ik', [[2, 3]], 'the index k of the result'],
  ['ij->ji', [[2, 3, 4]], 'rank 3'],
  ['i,j->ij', [[2]], '2 terms for 1'],
  [
    '...ij,...jk->...ik',
    [
      [2, 3],
      [5, 3, 4],
    ],
    'different numbers of axes',
  ],
])('%s of %j is refused in words', async (equation, shapes, words) => {
  const inputs = shapes.map((dims, i) => uniform(dims, -1, 1, i + 1));
  const attributes = { equation: attr.string(equation) };
  await expect(checkTypes({ op: 'Einsum', inputs, attributes })).rejects.toThrow(words);
});
