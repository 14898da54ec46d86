import { expect, it } from 'vitest';
import { blanks, describedOf, wantingIn } from './features.ts';

const typed = (min: string, max: string) => [{ ...blanks(1)[0], name: 'income', min, max }];

it('takes a comma before decimals, and asks again for what may be a thousand or one', () => {
  expect(describedOf(typed('-0,5', '2,25'))).toEqual([{ name: 'income', min: -0.5, max: 2.25 }]);
  expect(describedOf(typed('0', '1e3'))).toEqual([{ name: 'income', min: 0, max: 1000 }]);
  for (const max of ['1,000', '12,500', '1,000,000', 'many', '']) {
    expect(wantingIn(typed('0', max)), max).toMatch(/^Give the lowest .+ of income as numbers, /);
  }
  expect(wantingIn(typed('0', '1000'))).toBeUndefined();
});
