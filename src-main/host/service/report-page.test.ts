import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sha256 } from '../../store/blobs.ts';
import { scratchFolder } from '../../store/support/sample.ts';
import { reportPageAt } from './report-page.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

function keep(text: string, name = sha256(text)): string {
  const folder = join(scratch.path, 'files', name.slice(0, 2));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(join(folder, name), text);
  return name;
}
const page = '<!doctype html><p>';
const at = (path: string) => reportPageAt(scratch.path, path);

it('hands out a page of a report for ever, in which nothing runs, to frames of the studio alone', () => {
  const { bytes, headers } = at(`/pages/${keep(page)}`)!;
  expect(Buffer.from(bytes).toString()).toBe(page);
  expect(headers['Cache-Control']).toContain('immutable');
  const policy = headers['Content-Security-Policy'].split('; ');
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "frame-ancestors 'self'", 'sandbox']),
  );
  expect(policy.filter((rule) => /script|connect|frame-src|allow/.test(rule))).toEqual([]);
});

it('hands out no file that is no page, is damaged, or is not there', () => {
  const other = keep('float32');
  const damaged = keep(`${page}more`, 'a'.repeat(64));
  for (const name of [other, damaged, 'b'.repeat(64), `../${other}`, `..%2f${other}`, '']) {
    expect(at(`/pages/${name}`)).toBeUndefined();
  }
});
