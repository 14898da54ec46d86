import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlobStore } from './blobs.ts';
import { scratchFolder } from './support/sample.ts';

/** SHA-256 of "abc": FIPS 180-4, appendix B.1. */
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('a store of content-addressed files', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  let store: BlobStore;
  beforeEach(() => {
    scratch = scratchFolder();
    store = new BlobStore(scratch.path);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    scratch.remove();
  });

  it('names a file by the SHA-256 of its content, in a folder of its first two digits', () => {
    expect(store.put(text('abc'))).toBe(abc);
    expect(fs.readFileSync(join(scratch.path, 'ba', abc), 'utf8')).toBe('abc');
    expect([...store.names()]).toEqual([abc]);
  });

  it('keeps equal content once, and does not touch the file again', () => {
    store.put(text('abc'));
    const write = vi.spyOn(fs, 'openSync');
    expect(store.put(text('abc'))).toBe(abc);
    expect(write).not.toHaveBeenCalled();
  });

  it('keeps an empty file', () => {
    expect(store.read(store.put(new Uint8Array(0)))).toHaveLength(0);
  });

  it('syncs a file before it gets its name', () => {
    const order: string[] = [];
    const sync = fs.fsyncSync.bind(fs);
    const rename = fs.renameSync.bind(fs);
    vi.spyOn(fs, 'fsyncSync').mockImplementation((handle) => {
      order.push('sync');
      sync(handle);
    });
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      order.push('rename');
      rename(from, to);
    });
    store.put(text('abc'));
    expect(order.slice(order.indexOf('rename') - 1)).toEqual(
      expect.arrayContaining(['sync', 'rename', 'sync']),
    );
    expect(order.indexOf('sync')).toBeLessThan(order.indexOf('rename'));
  });

  it('leaves nothing behind when the disk is full', () => {
    vi.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    expect(() => store.put(text('abc'))).toThrow(
      /^The disk that holds .* is full: free some space/,
    );
    expect([...store.names()]).toEqual([]);
    expect(fs.readdirSync(join(scratch.path, 'unfinished'))).toEqual([]);
  });

  it('writes all of the content where the system takes it in parts', () => {
    const write: typeof fs.writeSync = fs.writeSync.bind(fs);
    vi.spyOn(fs, 'writeSync').mockImplementation(((handle: number, bytes: Uint8Array, at: number) =>
      write(handle, bytes, at, 1)) as typeof fs.writeSync);
    expect(store.put(text('abc'))).toBe(abc);
    expect(fs.readFileSync(store.pathOf(abc), 'utf8')).toBe('abc');
  });

  it('clears what a killed process left half-written', () => {
    fs.writeFileSync(join(scratch.path, 'unfinished', 'half'), 'a');
    const again = new BlobStore(scratch.path);
    expect(fs.readdirSync(join(scratch.path, 'unfinished'))).toEqual([]);
    expect([...again.names()]).toEqual([]);
  });

  it('refuses to read a file that was changed, or that is not there', () => {
    store.put(text('abc'));
    fs.writeFileSync(store.pathOf(abc), 'abd');
    expect(() => store.read(abc)).toThrow(/is damaged: run the audit again\.$/);
    store.remove(abc);
    expect(() => store.read(abc)).toThrow(/is missing from .*: run the audit again\.$/);
  });
});
