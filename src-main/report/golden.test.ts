import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { goldenReport } from './golden/make.ts';

it('writes the workspace of format 1 as report and tables of version 1, to the byte', async () => {
  for (const [name, text] of await goldenReport()) {
    expect(text, name).toBe(readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8'));
  }
});
