import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../resources.ts';

const { version } = JSON.parse(readFileSync(join(programRoot, 'package.json'), 'utf8')) as {
  version: string;
};

/** Versions of what a result depends on beside its engine. */
export const versions: Readonly<Record<string, string>> = {
  eidoscope: version,
  node: process.versions.node,
  v8: process.versions.v8,
};
