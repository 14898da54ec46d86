import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, chromium, type ElectronApplication, type Page, type Request } from 'playwright';
import { findChromium } from '../../../scripts/runtimes/chromium.ts';
import { hasDisplay, openDisplay, type Display } from '../../../scripts/runtimes/display.ts';
import { findElectron } from '../../../scripts/runtimes/electron.ts';
import { node } from '../../support/command.ts';
import { servicePid } from './processes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const built = (...path: string[]): string => join(root, 'out', ...path);

/** The studio of a workspace, open in a window of a real host. */
export interface OpenStudio {
  readonly page: Page;
  /** The desktop's own process, in Electron. */
  readonly app?: ElectronApplication;
  /** All that the page asked for. */
  readonly requests: readonly Request[];
  /** What the page complained of. */
  readonly complaints: readonly string[];
  /** What a person chooses in the system's next dialogs, where the host has any. */
  chooseNext(path: string): Promise<void>;
  /** Process that holds engine, jobs and database. */
  service(): number;
  close(): Promise<void>;
}

export interface Host {
  readonly name: 'Electron' | 'Chromium';
  /** Why the studio cannot be opened in it here; undefined when it can. */
  readonly missing: string | undefined;
  /** @param scheme theme that the system asks for */
  open(workspace: string, scheme?: 'light' | 'dark'): Promise<OpenStudio>;
}

/** Listens to a page from its first moment. */
function watch(page: Page): Pick<OpenStudio, 'page' | 'requests' | 'complaints'> {
  const requests: Request[] = [];
  const complaints: string[] = [];
  // As long as a busy machine may take; what never comes ends a test all the same.
  page.setDefaultTimeout(120_000);
  page.on('request', (request) => requests.push(request));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, requests, complaints };
}

function serviceOf(host: ChildProcess): number {
  const pid = servicePid(host.pid!);
  if (pid === undefined) throw new Error('The service does not run.');
  return pid;
}

/** What a person has set on this machine must not show in tests, and tests must not set it. */
const environmentOf = (workspace: string): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  EIDOSCOPE_CONFIG: `${workspace}-settings`,
});

/** Playwright adds --no-sandbox itself; Chromium's sandbox refuses to work for root. */
async function openWindow(workspace: string, colorScheme: 'light' | 'dark'): Promise<OpenStudio> {
  const display: Display = await openDisplay();
  const app = await _electron.launch({
    executablePath: findElectron(),
    // A window of the same person's that is open elsewhere must not answer in its place.
    // A display in memory has no graphics hardware; looking for it can take for ever.
    args: [
      ...['--disable-gpu', `--user-data-dir=${workspace}-window`],
      ...[root, `--workspace=${workspace}`],
    ],
    env: { ...environmentOf(workspace), ...display.env, EIDOSCOPE_NODE: node },
    colorScheme,
  });
  const seen = watch(await app.firstWindow());
  await seen.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  return {
    ...{ ...seen, app },
    chooseNext: (path) =>
      app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, path),
    service: () => serviceOf(app.process()),
    async close() {
      await app.close();
      display.close();
    },
  };
}

/** `eidoscope serve`. @returns its process, and the link that it prints */
async function serve(workspace: string): Promise<{ server: ChildProcess; link: string }> {
  const program = built('main', 'host', 'cli', 'main.js');
  const server = spawn(node, [program, 'serve', '--workspace', workspace, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(workspace),
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return { server, link: (JSON.parse(line.toString()) as { link: string }).link };
}

async function openInBrowser(
  workspace: string,
  colorScheme: 'light' | 'dark',
): Promise<OpenStudio> {
  const [{ server, link }, browser] = await Promise.all([
    serve(workspace),
    chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] }),
  ]);
  const viewport = { width: 1280, height: 840 };
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  const seen = watch(page);
  await page.goto(link);
  await page.waitForURL(/\/(#.*)?$/);
  return {
    ...seen,
    chooseNext: () => Promise.resolve(),
    service: () => serviceOf(server),
    async close() {
      await browser.close();
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

const lacks: readonly (readonly [boolean, string])[] = [
  [existsSync(built('renderer', 'index.html')), 'The studio is not built: run "npm run build".'],
];
const firstOf = (list: typeof lacks): string | undefined => list.find(([there]) => !there)?.[1];
const prepare = 'run "npx node scripts/runtimes/prepare.ts"';

const electron: Host = {
  name: 'Electron',
  missing: firstOf([
    ...lacks,
    [findElectron() !== undefined, `There is no Electron here: ${prepare}.`],
    [hasDisplay(), `There is no display here: ${prepare}.`],
  ]),
  open: (workspace, scheme = 'dark') => openWindow(workspace, scheme),
};

const browser: Host = {
  name: 'Chromium',
  missing: firstOf([
    ...lacks,
    [findChromium() !== undefined, `There is no Chromium here: ${prepare}.`],
  ]),
  open: (workspace, scheme = 'dark') => openInBrowser(workspace, scheme),
};

/** Set where a missing runtime is a failure: in continuous integration. */
const required = process.env.EIDOSCOPE_REQUIRE_RUNTIMES === '1';

/** Hosts to test in. One that is missing is told of, and left out unless it is required. */
export const hosts: readonly Host[] = [electron, browser].filter((host) => {
  if (host.missing === undefined) return true;
  if (required) throw new Error(host.missing);
  process.stderr.write(`The studio is not tested in ${host.name}: ${host.missing}\n`);
  return false;
});
