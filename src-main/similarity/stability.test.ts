import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stability } from './stability.ts';

interface Case {
  readonly logits: readonly (readonly number[])[];
  readonly own: number;
  readonly stability: readonly number[];
}
const cases = JSON.parse(
  readFileSync(new URL('golden/stability.json', import.meta.url), 'utf8'),
) as Case[];

it.each(cases)('correlates the other classes’ logits as NumPy does: own class $own', (found) => {
  const figures = stability(
    found.logits.map((row) => Float32Array.from(row)),
    found.own,
  );
  figures.forEach((figure, place) => expect(figure).toBeCloseTo(found.stability[place], 12));
});

it('does not count the class itself, which every prototype drives up', () => {
  const one = Float32Array.of(1, 2, 3, 100);
  const other = Float32Array.of(3, 2, 1, 100);
  for (const figure of stability([one, other], 3)) expect(figure).toBeCloseTo(-1, 12);
});

it('is undefined for one prototype alone, for two classes, and where nothing differs', () => {
  expect(stability([Float32Array.of(1, 2, 3, 4)], 0)).toEqual([undefined]);
  const few = Float32Array.of(1, 2, 3);
  expect(stability([few, few], 0)).toEqual([undefined, undefined]);
  const flat = Float32Array.of(9, 1, 1, 1);
  expect(stability([flat, flat], 0)).toEqual([undefined, undefined]);
});
