import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../../resources.ts';
import type { Surroundings } from './chromium.ts';

/** The desktop program, which prints as well. */
const PROGRAM = join(programRoot, 'out', 'main', 'host', 'desktop', 'main.js');

/** What Electron is started with to print: the program's folder, whose package.json names the desktop program. */
export const electronWords = (): string[] => ['--disable-gpu', programRoot];

function hasDisplay({ platform, environment }: Surroundings): boolean {
  const unix = platform !== 'win32' && platform !== 'darwin';
  return !unix || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/**
 * Electron's executable, as `npm start` finds it; nothing is downloaded. It needs the built program, and a display even
 * where it shows no window.
 * @returns undefined where any of them is missing
 */
export function findElectron(surroundings: Surroundings): string | undefined {
  if (!existsSync(PROGRAM) || !hasDisplay(surroundings)) return undefined;
  const folder = join(programRoot, 'node_modules', 'electron');
  const mark = join(folder, 'path.txt');
  const name = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : 'electron';
  const dist = surroundings.environment.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  return [join(dist, name)].find((path) => existsSync(path));
}
