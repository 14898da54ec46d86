/**
 * Makes sure of what end-to-end tests run in: Electron with a display, and Chromium. Continuous integration runs it
 * first; on other machines, tests whose runtime is missing are left out.
 *
 *   node scripts/runtimes/prepare.ts
 */
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';
import { installDebian } from './debian.ts';
import { hasDisplay } from './display.ts';
import { prepareElectron } from './electron.ts';

/** Libraries that Electron loads on Linux. */
const libraries = [
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6'],
  ...['libatk-bridge2.0-0', 'libsecret-1-0', 'libnotify4', 'fonts-dejavu-core'],
];

function lacksLibraries(executable: string): boolean {
  if (process.platform !== 'linux') return false;
  return spawnSync('ldd', [executable], { encoding: 'utf8' }).stdout.includes('not found');
}

const steps: Readonly<Record<string, () => Promise<string> | string>> = {
  async Electron() {
    const executable = await prepareElectron();
    if (lacksLibraries(executable)) installDebian(libraries);
    return executable;
  },
  Display() {
    if (!hasDisplay()) installDebian(['xvfb']);
    return process.env.DISPLAY ?? 'in memory';
  },
  Chromium() {
    if (!findChromium()) installDebian(['chromium', 'fonts-dejavu-core']);
    return findChromium() ?? fail('Chromium was installed, and is not found.');
  },
};

function fail(message: string): never {
  throw new Error(message);
}

for (const [name, step] of Object.entries(steps)) {
  try {
    process.stdout.write(`${name}: ${await step()}\n`);
  } catch (error) {
    process.stdout.write(`${name} is missing. ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
