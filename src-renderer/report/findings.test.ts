import { expect, it } from 'vitest';
import type { Review } from '../../src-main/api/review.ts';
import { chipsOf, filtered } from './findings.ts';

const finding = (state: Review['mark']['state'], severity: number | null): Review => ({
  ...{ sights: ['1'], mark: { state, severity, note: '' }, reading: 'named', reviewedAt: '' },
});
const findings = [
  finding('concern', 5),
  finding('concern', 2),
  finding('cleared', 2),
  finding('cleared', null),
];

it('counts what each chip would leave under the other filter', () => {
  const chips = chipsOf('severity', findings, { mark: 'concern', severity: undefined });
  expect(chips.map(({ value, count }) => `${value}: ${count}`)).toEqual([
    '5: 1',
    '2: 1',
    'none: 0',
  ]);
});

it('leaves what passes both filters', () => {
  expect(filtered(findings, { mark: 'cleared', severity: '2' })).toEqual([findings[2]]);
});
