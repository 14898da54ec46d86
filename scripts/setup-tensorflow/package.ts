import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, SetupError } from './run.ts';

const VERSION = '4.22.0';
/** Headers of Node's stable native interface, which no compiler has by itself. */
const HEADERS = 'node-api-headers@1.9.0';

const nameOf = (gpu: boolean): string => `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`;

const NPM = {
  missing: 'npm is missing; install Node.js with npm.',
  failed: 'npm cannot install tfjs-node',
};

/** Installs the package without its script, which would download TensorFlow. @returns its folder */
export async function installPackage(folder: string, gpu: boolean): Promise<string> {
  const packages = [`${nameOf(gpu)}@${VERSION}`, HEADERS];
  await npm(folder, ['install', '--ignore-scripts', ...packages]);
  return join(folder, 'node_modules', ...nameOf(gpu).split('/'));
}

/** Installs the package with its script. @returns its folder @throws SetupError when TensorFlow cannot be downloaded */
export async function installOfficially(folder: string, gpu: boolean): Promise<string> {
  const name = nameOf(gpu);
  await npm(folder, ['install', `${name}@${VERSION}`], { [name]: true });
  const place = join(folder, 'node_modules', ...name.split('/'));
  if (!existsSync(join(place, 'lib', 'napi-v8', 'tfjs_binding.node'))) {
    throw new SetupError('it brought no library.');
  }
  return place;
}

/** @param scripts packages whose scripts npm may run */
async function npm(
  folder: string,
  args: readonly string[],
  scripts: Readonly<Record<string, boolean>> = {},
): Promise<void> {
  const manifest = { private: true, allowScripts: scripts };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, ...quiet], {
    cwd: folder,
    ...NPM,
  });
}

export interface Checked {
  readonly version: string;
  readonly gpu: boolean;
}

/** Loads the library in a process of its own, for one that crashes takes its process along. */
export async function check(place: string): Promise<Checked> {
  const script = fileURLToPath(new URL('check.ts', import.meta.url));
  const said = await run(process.execPath, [script, place], {
    missing: 'Node.js is missing.',
    failed: 'TensorFlow was built, but does not compute',
  });
  return JSON.parse(said.trim().split('\n').at(-1)) as Checked;
}
