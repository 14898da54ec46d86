import { pathToFileURL } from 'node:url';
import { findChromium, here, namesBrowser, type Surroundings } from './chromium.ts';
import { electronWords, findElectron } from './electron.ts';

/** A program of this machine that prints a page without a window. */
export interface Printer {
  /** Path of the program. */
  readonly program: string;
  /**
   * What it is started with.
   * @param page path of an HTML file
   * @param output where the PDF goes
   * @param profile folder that does not exist yet, for what the program keeps of itself
   */
  words(page: string, output: string, profile: string): string[];
}

/** Nobody watches this browser, it talks to nobody, and it is forgotten afterwards. */
const FLAGS = [
  ...['--headless', '--disable-gpu', '--no-first-run', '--no-default-browser-check'],
  ...['--disable-extensions', '--disable-background-networking', '--disable-component-update'],
  ...['--disable-sync', '--disable-dev-shm-usage', '--hide-scrollbars', '--mute-audio'],
  '--host-resolver-rules=MAP * ~NOTFOUND',
  ...['--no-pdf-header-footer', '--generate-pdf-document-outline', '--export-tagged-pdf'],
];

/** Chromium refuses to start its sandbox as root. The page is ours, and its own policy lets no script run. */
const unboxed = (): string[] => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

export const chromiumPrinter = (program: string): Printer => ({
  program,
  words: (page, output, profile) => [
    ...FLAGS,
    ...unboxed(),
    `--user-data-dir=${profile}`,
    `--print-to-pdf=${output}`,
    pathToFileURL(page).href,
  ],
});

export const electronPrinter = (program: string): Printer => ({
  program,
  words: (page, output, profile) => [
    ...unboxed(),
    ...electronWords(),
    `--user-data-dir=${profile}`,
    `--print=${page}`,
    `--print-to=${output}`,
  ],
});

/**
 * What prints on this machine: a Chromium, else the studio's own Electron. Who names a browser wants that one, and
 * should hear that it is not there.
 * @returns undefined when there is neither
 */
export function findPrinter(surroundings: Surroundings = here()): Printer | undefined {
  const chromium = findChromium(surroundings);
  if (chromium !== undefined) return chromiumPrinter(chromium);
  const electron = namesBrowser(surroundings) ? undefined : findElectron(surroundings);
  return electron === undefined ? undefined : electronPrinter(electron);
}

export const NO_PRINTER =
  'The PDF was not made, for neither a Chromium, Chrome or Edge nor a built studio with Electron and a display was found: install one, or name it in EIDOSCOPE_CHROMIUM.';
