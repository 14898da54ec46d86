import Database from 'better-sqlite3';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveOldSample } from '../scripts/old-sample.ts';
import { openWorkspace } from '../src-main/store/workspace.ts';

describe('the sample of an older development version', () => {
  let folder: string;
  let sample: string;
  const file = (): string => join(sample, 'eidoscope.db');
  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'old-sample-test-'));
    sample = join(folder, 'sample');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const makeOld = (): void => {
    openWorkspace(sample).close();
    const database = new Database(file());
    database.exec('ALTER TABLE models ADD COLUMN licence TEXT');
    database.close();
  };

  it('is moved aside as it is, each time to a place of its own', () => {
    makeOld();
    const before = fs.readFileSync(file());
    expect(moveOldSample(sample)).toBe(`${sample}-before-1`);
    expect(fs.readFileSync(`${sample}-before-1/eidoscope.db`)).toEqual(before);
    makeOld();
    expect(moveOldSample(sample)).toBe(`${sample}-before-2`);
    expect(fs.readdirSync(folder).sort()).toEqual(['sample-before-1', 'sample-before-2']);
  });

  it('is all that is moved: what this version made, what is damaged, and what is not there stay', () => {
    expect(moveOldSample(sample)).toBeUndefined();
    openWorkspace(sample).close();
    expect(moveOldSample(sample)).toBeUndefined();
    fs.writeFileSync(file(), 'no database');
    expect(moveOldSample(sample)).toBeUndefined();
    expect(fs.readFileSync(file(), 'utf8')).toBe('no database');
  });
});
