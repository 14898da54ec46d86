import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from '../scripts/docs/pages.ts';

const root = join(import.meta.dirname, '..');

/** Every page of documentation, relative to the repository. */
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A heading's anchor, as GitHub and GitLab make it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

function anchorsIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    anchor(heading),
  );
}

/** Links of a page into the repository that lead nowhere. */
function brokenLinks(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file, heading] = link.split('#');
    const path = file === '' ? join(root, document) : join(root, dirname(document), file);
    if (!existsSync(path)) return true;
    return heading !== undefined && !anchorsIn(path).includes(heading);
  });
}

describe('the documentation', () => {
  it('has tables that say what the code says (npx node scripts/write-docs.ts mends them)', async () => {
    for (const { written, current } of await pages()) expect(written).toBe(current);
  });

  it.each(documents)('%s links to what is there', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });
});
