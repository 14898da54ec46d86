import { join, resolve } from 'node:path';
import { programRoot } from '../../resources.ts';
import type { ServiceOptions } from '../service/node-process.ts';

/** Value of `--name=VALUE`; Chromium takes its own arguments from the same line. */
export function valueOf(words: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return words.find((word) => word.startsWith(start))?.slice(start.length);
}

/** The workspace that a command line names, if it does. */
export function namedWorkspace(words: readonly string[], folder: string): string | undefined {
  const named = valueOf(words, 'workspace');
  return named === undefined ? undefined : resolve(folder, named);
}

/** What the studio is started with; without a workspace it shows the sample's. */
export function readOptions(words: readonly string[], folder: string): ServiceOptions {
  const threads = valueOf(words, 'threads');
  return {
    workspace: namedWorkspace(words, folder) ?? join(programRoot, '.eidoscope', 'sample'),
    engine: valueOf(words, 'engine'),
    ...(threads !== undefined && { threads: Number(threads) }),
    sample: words.includes('--sample'),
    readOnly: words.includes('--read-only'),
  };
}
