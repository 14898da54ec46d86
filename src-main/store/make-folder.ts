import fs from 'node:fs';
import { dirname } from 'node:path';

const isFolder = (path: string): boolean => {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false;
  }
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` never ends below /proc: the system says
 * there that something is missing (ENOENT) though the folder above is there, and Node makes that one again and again.
 *
 * @throws the system's error, which is EROFS where the folder above is there and takes none
 */
export function makeFolder(path: string): void {
  try {
    fs.mkdirSync(path);
  } catch (error) {
    // It was there, or another process has made it meanwhile.
    if (isFolder(path)) return;
    if (codeOf(error) !== 'ENOENT') throw error;
    const above = dirname(path);
    if (isFolder(above)) {
      const told = { code: 'EROFS', syscall: 'mkdir', path };
      throw Object.assign(new Error(`${above} takes no folders.`), told);
    }
    makeFolder(above);
    makeFolder(path);
  }
}
