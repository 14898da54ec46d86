import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { programRoot } from '../../resources.ts';
import { EngineError } from '../engine.ts';

/** Where a native TensorFlow may lie: https://www.npmjs.com/package/@tensorflow/tfjs-node-gpu */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Folders that `npm run setup:tensorflow` may have filled, the first to be looked into first. */
function preparedFolders(): string[] {
  const named = process.env.EIDOSCOPE_TENSORFLOW;
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const usual = [
    join(programRoot, '.eidoscope', 'tensorflow'),
    join(cache, 'eidoscope', 'tensorflow'),
  ];
  return named === undefined ? usual : [named];
}

/** Package folders that exist: those that were prepared, then those that npm installed with the program. */
function packages(): string[] {
  const prepared = preparedFolders().flatMap((folder) =>
    PACKAGES.map((name) => join(folder, 'node_modules', name)),
  );
  const installed = PACKAGES.flatMap((name) => {
    try {
      return [dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))];
    } catch {
      return [];
    }
  });
  return [...prepared, ...installed].filter((folder) => existsSync(join(folder, 'package.json')));
}

/** Whether the native part is there: tfjs-node keeps it in lib/napi-vN. */
function hasBinding(folder: string): boolean {
  const { binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    binary?: { napi_versions?: number[] };
  };
  const versions = binary?.napi_versions ?? [];
  return versions.some((n) => existsSync(join(folder, 'lib', `napi-v${n}`, 'tfjs_binding.node')));
}

/** The package folder of a native TensorFlow. @throws EngineError when there is none */
export function findNative(): string {
  const found = packages().find(hasBinding);
  if (found === undefined) {
    throw new EngineError(
      'There is no native TensorFlow on this machine; npm run setup:tensorflow prepares one.',
    );
  }
  return found;
}
