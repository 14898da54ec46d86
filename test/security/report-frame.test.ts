import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type FrameLocator, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/runtimes/chromium.ts';
import { hosts, type OpenStudio } from '../journey/support/hosts.ts';
import { makeWorkspace } from '../journey/support/workspace.ts';
import { Folder } from '../support/network.ts';
import { openCanary, type Canary } from './support/canary.ts';

/** Long enough for whatever is not stopped to arrive, in milliseconds. */
const LONG = 2000;

/** What leaves a trace by itself as soon as a report is shown, were it allowed. */
const silent = [
  ...['script', 'code', 'handler', 'picture', 'background', 'font', 'style', 'import', 'frame'],
  ...['object', 'embed', 'video', 'refresh'],
];
/** What does when somebody presses it. */
const pressed = ['top', 'self', 'window', 'form', 'address'];

/** A report as nobody should write one: it tries to run, to fetch and to lead elsewhere. */
const hostile = (origin: string): string => {
  const out = (name: string): string => `${origin}/${name}`;
  const say = (name: string): string => `new Image().src='${out(name)}'`;
  return `<!doctype html><html lang="en"><head><title>Report</title>
    <meta http-equiv="refresh" content="1; url=${out('refresh')}">
    <link rel="stylesheet" href="${out('style')}"><script src="${out('script')}"></script>
    <style>@import '${out('import')}'; @font-face { font-family: f; src: url(${out('font')}) }
      h1 { font-family: f; background: url(${out('background')}) }</style>
    <script>${say('code')}</script></head>
    <body><h1>Report</h1><img src="${out('picture')}" alt="">
    <img src="data:," alt="" onerror="${say('handler')}"><video src="${out('video')}" preload="auto"></video>
    <iframe src="${out('frame')}"></iframe><object data="${out('object')}"></object><embed src="${out('embed')}">
    <p><a href="${out('top')}" target="_top">top</a> <a href="${out('self')}">self</a>
    <a href="${out('window')}" target="_blank">window</a> <a href="javascript:${say('address')}">address</a></p>
    <form action="${out('form')}" method="post" target="_top"><button>form</button></form></body></html>`;
};

/** Presses a link or button of the report by keyboard. */
const press = (report: FrameLocator, name: string): Promise<void> =>
  report
    .locator(`a:text-is("${name}"), button:text-is("${name}")`)
    .press('Enter', { noWaitAfter: true });

describe.skipIf(!findChromium())('a report without a policy', () => {
  it('gets out by every attempt: each of them can succeed', async () => {
    const own = await openCanary();
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox'],
    });
    const server = createServer(({ url }, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(url === '/' ? '<iframe src="/report"></iframe>' : hostile(own.origin));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = async (): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      return page;
    };
    await open();
    await expect.poll(() => silent.filter((name) => !own.arrivals.has(name))).toEqual([]);
    for (const name of pressed) {
      await press((await open()).frameLocator('iframe'), name);
      await expect.poll(() => [...own.arrivals]).toContain(name);
    }
    await browser.close();
    server.close();
    own.close();
  });
});

describe.each(hosts)('a report in $name', (host) => {
  const folder = new Folder();
  let canary: Canary;
  let studio: OpenStudio;
  let hash: string;
  beforeAll(async () => {
    canary = await openCanary();
    await makeWorkspace(folder.path, 'reported');
    const text = hostile(canary.origin);
    hash = createHash('sha256').update(text).digest('hex');
    const place = join(folder.path, 'reported', 'files', hash.slice(0, 2));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, hash), text);
    studio = await host.open(join(folder.path, 'reported'));
    await studio.page.getByRole('grid').waitFor();
  });
  afterAll(async () => {
    await studio?.close();
    canary?.close();
    folder.remove();
  });

  /** Shows something in a frame of the studio's page, as its views do. */
  async function frame(address: string, sandbox: boolean): Promise<FrameLocator> {
    await studio.page.evaluate(
      ({ address, sandbox }) => {
        const { document } = globalThis as unknown as { document: Browser };
        interface Browser {
          createElement(name: string): { id: string; src: string };
          getElementById(id: string): { remove(): void } | null;
          body: { append(element: object): void };
        }
        document.getElementById('tried')?.remove();
        const element = document.createElement('iframe');
        if (sandbox) Object.assign(element, { sandbox: '' });
        document.body.append(Object.assign(element, { id: 'tried', src: address }));
      },
      { address, sandbox },
    );
    return studio.page.frameLocator('#tried');
  }

  // The header alone must do, were the frame's own lock forgotten.
  it.each([true, false])(
    'runs nothing, loads nothing and leads nowhere (locked frame: %s)',
    async (locked) => {
      const { page } = studio;
      const address = page.url();
      for (const name of pressed) {
        const report = await frame(`pages/${hash}`, locked);
        await report.getByRole('heading', { name: 'Report' }).waitFor();
        await press(report, name);
      }
      await page.waitForTimeout(LONG);
      expect([...canary.arrivals]).toEqual([]);
      expect(page.url()).toBe(address);
      expect(page.context().pages()).toHaveLength(1);
    },
  );

  it('is all of the studio that can lie in a frame', async () => {
    const { page } = studio;
    const image = await page.locator('img[src^="files/"]').first().getAttribute('src');
    for (const address of ['./', 'index.html', image!]) {
      await frame(address, false);
      await expect
        .poll(() =>
          page
            .frames()
            .map((each) => each.url())
            .at(-1),
        )
        .toMatch(/^chrome-error:/);
    }
  });
});
