import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Variables that name a browser by its path. */
const VARIABLES = ['EIDOSCOPE_CHROMIUM', 'CHROME_PATH'];

/** Browsers that print without a window, by the names that they have on the PATH. */
const NAMES = [
  ...['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
  ...['microsoft-edge-stable', 'microsoft-edge', 'msedge', 'brave-browser', 'brave'],
];

/** Where they are where the PATH does not say so. */
const places: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => string[]>> = {
  darwin: ({ HOME = '' }) =>
    ['', HOME].flatMap((root) => [
      `${root}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${root}/Applications/Chromium.app/Contents/MacOS/Chromium`,
      `${root}/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
      `${root}/Applications/Brave Browser.app/Contents/MacOS/Brave Browser`,
    ]),
  win32: (environment) =>
    ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .flatMap((name) => environment[name] ?? [])
      .flatMap((root) => [
        join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(root, 'Chromium', 'Application', 'chrome.exe'),
        join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]),
  linux: () => ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'],
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
}

const namedBrowsers = (environment: NodeJS.ProcessEnv): string[] =>
  VARIABLES.flatMap((name) => environment[name] ?? []);

/** Whether a variable names the browser that is to print. */
export const namesBrowser = ({ environment }: Surroundings): boolean =>
  namedBrowsers(environment).length > 0;

/**
 * A browser of this machine that can print: the one that a variable names, else one on the PATH, else one in its usual
 * place. Nothing is downloaded.
 * @returns undefined when there is none
 */
export function findChromium({ platform, environment }: Surroundings = here()): string | undefined {
  const wanted = namedBrowsers(environment);
  // Who names a browser wants that one, and should hear that it is not there.
  if (wanted.length > 0) return wanted.find(isProgram);
  const endings = platform === 'win32' ? ['.exe'] : [''];
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  return [...onPath, ...(places[platform]?.(environment) ?? [])].find(isProgram);
}

/** This machine. */
export const here = (): Surroundings => ({
  platform: process.platform,
  environment: process.env,
});
