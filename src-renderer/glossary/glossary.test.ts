import { expect, it } from 'vitest';
import { glossary } from './glossary.ts';

it('never defines “% of layers” without what a grey image reaches', () => {
  const shares = Object.values(glossary).filter(({ title }) => title.includes('% of layers'));
  expect(shares).toHaveLength(2);
  for (const { text } of shares) expect(text).toMatch(/grey image reaches/);
});
