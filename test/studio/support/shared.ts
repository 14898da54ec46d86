import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { encode } from 'fast-png';
import { chromium, type BrowserServer } from 'playwright';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { reportPageHeaders } from '../../../src-main/host/service/report-page.ts';
import { pageFile, securityHeaders } from '../../../src-main/host/web/page.ts';
import { chromiumPath } from './chromium.ts';

/** Where tests of the page find it, and a browser. */
export interface Shared {
  readonly origin: string;
  readonly browser: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with `Shared` once the page is built and the browser runs. */
    studioPage: string;
  }
}

const SIDE = 32;

/** A picture that its name's first digits colour. */
function picture(hash: string): Uint8Array {
  const tone = parseInt(hash.slice(0, 2), 16);
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * tone) % 256);
  return encode({ width: SIDE, height: SIDE, channels: 3, data });
}

/** A report that is longer than its frame, with a link to tab to. */
const REPORT = `<!doctype html><html lang="en"><title>Report</title><h1>Report</h1>
  <a href="#end">To the end</a><p style="height: 4000px">Long</p><p id="end">End</p></html>`;

async function buildPage(folder: string): Promise<void> {
  await build({
    ...{ configFile: false, root: 'src-renderer', plugins: [svelte()], logLevel: 'error' },
    base: './',
    build: {
      ...{ outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, target: 'esnext' },
      modulePreload: { polyfill: false },
    },
  });
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Serves the page as the studio does, with the same headers; pictures and reports are made up. */
export const pageServer = (folder: string): Server =>
  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (/^\/pages\/[0-9a-f]{64}$/.test(pathname)) {
      response.writeHead(200, { ...securityHeaders, ...reportPageHeaders }).end(REPORT);
      return;
    }
    const hash = /^\/files\/([0-9a-f]{64})$/.exec(pathname)?.[1];
    const file = hash
      ? Promise.resolve({ bytes: picture(hash), type: 'image/png' })
      : pageFile(folder, pathname);
    void file.then((found) => {
      const type = found?.type ?? 'text/plain';
      response.writeHead(found ? 200 : 404, { ...securityHeaders, 'Content-Type': type });
      response.end(found?.bytes);
    });
  });

interface Running extends Shared {
  readonly server: Server;
  readonly process: BrowserServer;
}

async function run(folder: string): Promise<Running> {
  await buildPage(folder);
  const server = pageServer(folder);
  const [origin, process] = await Promise.all([
    listen(server),
    chromium.launchServer({ executablePath: chromiumPath, args: ['--no-sandbox'] }),
  ]);
  return { origin, browser: process.wsEndpoint(), server, process };
}

/**
 * Builds the page and starts a browser once for all files of tests, when the first of them asks.
 * Runs that test no page pay nothing for it.
 */
export default async function share(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'eidoscope-page-'));
  let running: Promise<Running> | undefined;
  const door = createServer((_, response) => {
    running ??= run(folder);
    running.then(
      ({ origin, browser }) => response.end(JSON.stringify({ origin, browser })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('studioPage', await listen(door));
  project.onTestsRerun(() => running && buildPage(folder));
  return async () => {
    const last = await running?.catch(() => undefined);
    await last?.process.close();
    last?.server.close();
    door.close();
    await rm(folder, { recursive: true, force: true });
  };
}
