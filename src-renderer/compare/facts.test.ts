import { expect, it } from 'vitest';
import { contrasts, flatten } from './facts.ts';

it('names the leaves of a configuration by their path', () => {
  const leaves = flatten({ steps: 512, affine: { scale: [0.7, 1.3], enabled: true }, note: null });
  expect([...leaves]).toEqual([
    ['steps', '512'],
    ['affine.scale', '0.7 … 1.3'],
    ['affine.enabled', 'true'],
    ['note', '–'],
  ]);
});

it('lists what differs, and a dash for what one of them lacks', () => {
  const found = contrasts([
    new Map([
      ['seed', '0'],
      ['steps', '512'],
    ]),
    new Map([
      ['seed', '1'],
      ['steps', '512'],
      ['mask', 'none'],
    ]),
  ]);
  expect(found).toEqual([
    { name: 'seed', values: ['0', '1'] },
    { name: 'mask', values: ['–', 'none'] },
  ]);
});

it('lets a picture that was not made differ in no setting', () => {
  const made = (steps: string) =>
    new Map([
      ['steps', steps],
      ['seed', '7'],
    ]);
  expect(contrasts([made('64'), new Map<string, string>(), made('128')])).toEqual([
    { name: 'steps', values: ['64', '–', '128'] },
  ]);
});
