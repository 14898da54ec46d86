import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../../store/support/sample.ts';
import { findChromium } from './chromium.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

function program(folder: string, name: string, mode = 0o755): string {
  mkdirSync(join(scratch.path, folder), { recursive: true });
  const path = join(scratch.path, folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

const chrome = program('bin', 'google-chrome');
const chromium = program('more', 'chromium');
const PATH = ['bin', 'more'].map((name) => join(scratch.path, name)).join(':');
const find = (environment: NodeJS.ProcessEnv) => findChromium({ platform: 'freebsd', environment });

it.skipIf(process.platform === 'win32')('finds a browser on the PATH, a Chromium first', () => {
  expect(find({ PATH })).toBe(chromium);
});

it('takes the browser that a variable names, and no other', () => {
  expect(find({ PATH, CHROME_PATH: chrome })).toBe(chrome);
  expect(find({ PATH, EIDOSCOPE_CHROMIUM: join(scratch.path, 'nothing') })).toBeUndefined();
});

it.skipIf(process.platform === 'win32')('passes over what is no program', () => {
  const text = program('text', 'chromium', 0o644);
  expect(find({ PATH: join(text, '..') })).toBeUndefined();
});
