import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../../store/support/sample.ts';
import { reportFileAt } from './report-file.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const name = '3-0123456789ab';
const folder = join(scratch.path, 'reports', name);
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(join(folder, 'report.html'), '<p>');
fs.writeFileSync(join(folder, 'scores.csv'), 'a');
fs.writeFileSync(join(folder, 'run.sh'), 'a');
fs.writeFileSync(join(scratch.path, 'secret.html'), 'secret');
fs.symlinkSync(join(scratch.path, 'secret.html'), join(folder, 'link.html'));

const at = (path: string) => reportFileAt(scratch.path, path);

it('shows the page of a report, in which nothing runs, and saves its other files', () => {
  const page = at(`/reports/${name}/report.html`)!;
  expect(Buffer.from(page.bytes).toString()).toBe('<p>');
  expect(page.headers['Content-Disposition']).toMatch(/^inline;/);
  expect(page.headers['Content-Security-Policy']).toMatch(/^default-src 'none';.* sandbox$/);
  expect(page.headers['Content-Security-Policy']).not.toContain('script');
  expect(at(`/reports/${name}/scores.csv`)!.headers['Content-Disposition']).toMatch(/^attachment;/);
});

it.for([
  '/reports/3-0123456789ab/../../secret.html',
  '/reports/3-0123456789ab/..%2f..%2fsecret.html',
  '/reports/../secret.html',
  '/reports/other/report.html',
  '/reports/3-0123456789ab/link.html',
  '/reports/3-0123456789ab/run.sh',
  '/reports/3-0123456789ab/nothing.csv',
  '/reports/3-0123456789ab/',
  '/reports/3-0123456789ab',
])('hands out nothing else: %s', (path) => {
  expect(at(path)).toBeUndefined();
});
