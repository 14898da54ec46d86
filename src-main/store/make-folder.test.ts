import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { scratchFolder } from './support/sample.ts';

describe('a folder that is made', () => {
  let scratch: ReturnType<typeof scratchFolder>;
  beforeEach(() => {
    scratch = scratchFolder();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    scratch.remove();
  });

  it('comes with those above it, and may be there', () => {
    const path = join(scratch.path, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(fs.statSync(path).isDirectory()).toBe(true);
  });

  it('is refused where a file is in its place, or a link that leads nowhere', () => {
    const path = join(scratch.path, 'file');
    fs.writeFileSync(path, '');
    expect(() => makeFolder(path)).toThrow('EEXIST');
    expect(() => makeFolder(join(path, 'below'))).toThrow('ENOTDIR');
    const link = join(scratch.path, 'link');
    fs.symlinkSync(join(scratch.path, 'nowhere'), link);
    expect(() => makeFolder(join(link, 'below'))).toThrow('EEXIST');
  });

  it('is asked for once where the system says that something is missing and nothing is', () => {
    const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    const asked = vi.spyOn(fs, 'mkdirSync').mockImplementation(() => {
      throw missing;
    });
    expect(() => makeFolder(join(scratch.path, 'new'))).toThrow(
      expect.objectContaining({ code: 'EROFS', syscall: 'mkdir' }),
    );
    expect(asked).toHaveBeenCalledOnce();
  });
});
