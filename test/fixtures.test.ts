import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'vitest';
import { checkFixture as check, fixturesIn, OWN, SHARED } from './support/fixtures.ts';

const shared = fixturesIn(SHARED);
if (shared.length === 0) it.skip('matches PyTorch (../shared/fixtures/gradients is absent)');

describe('the logits and the input gradient are those of PyTorch', () => {
  it.each([...fixturesIn(OWN), ...shared].map((path) => [basename(path), path]))(
    'of %s',
    async (_, path) => {
      await check(path, ['logits.bin', 'grad.bin'], true);
    },
  );
});

describe.skipIf(shared.length === 0)(
  'the probabilities and their gradient are those of PyTorch',
  () => {
    const withProbabilities = shared.filter((path) => existsSync(join(path, 'probs.bin')));
    it.each(withProbabilities.map((path) => [basename(path), path]))('of %s', async (_, path) => {
      await check(path, ['probs.bin', 'grad_probs.bin'], false);
    });
  },
);
