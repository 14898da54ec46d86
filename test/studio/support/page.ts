import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { encode } from 'fast-png';
import { chromium, type Browser, type Page, type WebSocketRoute } from 'playwright';
import { build } from 'vite';
import type { Audit } from '../../../src-main/api/audit.ts';
import { unreviewed, type Mark } from '../../../src-main/api/review.ts';
import { pageFile, securityHeaders } from '../../../src-main/host/web/page.ts';
import { auditOf, prototypeOf, similarityOf, studioOf, type Scale } from './answers.ts';

const places = [process.env.EIDOSCOPE_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()];

/** A Chromium of this machine, if it has one. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

const SIDE = 32;

/** A picture that its name's first digits colour. */
function picture(hash: string): Uint8Array {
  const tone = parseInt(hash.slice(0, 2), 16);
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * tone) % 256);
  return encode({ width: SIDE, height: SIDE, channels: 3, data });
}

/** Builds the page and serves it as the studio does, with the same headers; pictures are made up. */
async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The page in a browser, with a service that answers from a made-up audit. */
export class StudioPage {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;
  /** What the page complained of in its console. */
  readonly complaints: string[] = [];

  #push: (message: object) => void = () => undefined;

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<StudioPage> {
    const folder = await mkdtemp(join(tmpdir(), 'eidoscope-page-'));
    await build({
      ...{ configFile: false, root: 'src-renderer', plugins: [svelte()], logLevel: 'error' },
      base: './',
      build: {
        ...{ outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, target: 'esnext' },
        modulePreload: { polyfill: false },
      },
    });
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox'],
    });
    return new StudioPage(folder, await serve(folder), browser);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Opens an address such as `#/1/gallery`. */
  async open(
    hash: string,
    scale: Scale,
    colorScheme: 'light' | 'dark' = 'dark',
    more: Answers = {},
  ): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width: 1280, height: 800 },
      ...{ colorScheme, reducedMotion: 'reduce' },
    });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    const audit = auditOf(scale);
    await page.routeWebSocket(/\/line$/, (socket) => {
      this.#push = answerAll(socket, audit, more);
    });
    await page.goto(this.origin + hash);
    return page;
  }

  /** Tells the page that was opened last something unasked. */
  push(event: string, value: object): void {
    this.#push({ event, value });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Answers to calls, by name, of a test's own. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

interface Asked {
  readonly id: number;
  readonly call: string;
  readonly input: { readonly runId: number; readonly mark: Mark };
}

/** A service of one audit, which remembers marks. @returns sends a message to the page */
function answerAll(socket: WebSocketRoute, audit: Audit, more: Answers): (message: object) => void {
  const marks = new Map<number, Mark>();
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const answers: Record<string, (input: Asked['input']) => unknown> = {
    'studio.get': () => studioOf(audit),
    'audit.get': () => audit,
    'review.list': () => [],
    'exemplars.get': () => [],
    'prototype.get': ({ runId }) => prototypeOf(audit, runId),
    'similarity.get': () => similarityOf(audit),
    'review.set': ({ runId, mark }) => {
      const review = { runId, mark, reviewedAt: '2026-01-01T00:00:00.000Z' };
      const previous = marks.get(runId) ?? unreviewed;
      marks.set(runId, mark);
      send({ event: 'review.changed', value: { auditId: 1, review } });
      return { review, previous };
    },
    ...more,
  };
  socket.onMessage((text) => {
    const { id, call, input } = JSON.parse(String(text)) as Asked;
    send({ id, output: answers[call](input) });
  });
  send({ event: 'service', value: { state: 'ready' } });
  return send;
}
