import { join } from 'node:path';
import type { Page, WebSocketRoute } from 'playwright';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { Folder } from '../support/network.ts';
import { lookOut } from '../support/notice.ts';
import { sampleFile } from '../support/sample.ts';
import { ask } from './support/ask.ts';
import { Gallery } from './support/gallery.ts';
import { hosts, type OpenStudio } from './support/hosts.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const CLASSES = 10;

/** Ten prototypes that are made one after the other, within some seconds. */
const audit = {
  models: [{ path: sampleFile('balanced.onnx') }],
  classes: 'all',
  profiles: [{ profile: 'fourier' as const, options: {} }],
  options: { steps: 400 },
};

/** The only one of its workspace. */
const job = { jobId: 1 };

/** Name of a picture's content. */
const hashIn = (address: string): string => /[0-9a-f]{64}/.exec(address)?.[0] ?? '';

describe.each(hosts)('a job in $name', (host) => {
  const undisturbed: Record<string, string> = {};
  let studio: OpenStudio | undefined;
  afterEach(async () => {
    await studio?.close();
    studio = undefined;
  });

  const workspaceOf = (name: string): string => join(folder.path, `${host.name}-${name}`);

  /** How the job stands, by what is kept of it. */
  function stateIn(name: string): string | undefined {
    const reader = openWorkspace(workspaceOf(name), { readOnly: true });
    try {
      return reader.jobs.get(job.jobId)?.state;
    } finally {
      reader.close();
    }
  }

  /** Waits until the service has heard that the job goes on: a service that dies before it knows of nothing. */
  async function resume(page: Page, name: string): Promise<void> {
    await ask(page, 'job.resume', job);
    await expect.poll(() => stateIn(name)).not.toBe('paused');
  }

  /**
   * Opens a new workspace, begins the audit, and marks its first prototype when a few are made. The job rests meanwhile:
   * on a busy machine it might be over before anything is done to it.
   */
  async function begin(name: string): Promise<{ page: Page; gallery: Gallery }> {
    studio = await host.open(workspaceOf(name));
    const { page } = studio;
    await page.getByRole('banner').waitFor();
    await ask(page, 'audit.create', audit);
    const gallery = new Gallery(page);
    await page.evaluate(() => (location.hash = '#/latest/gallery'));
    await gallery.untilFinished(2);
    await ask(page, 'job.pause', job);
    await expect.poll(() => stateIn(name)).toBe('paused');
    await gallery.grid.focus();
    await page.keyboard.press('p');
    await page.keyboard.press('3');
    await marked(page);
    return { page, gallery };
  }

  const marked = (page: Page): Promise<void> =>
    page.getByRole('gridcell', { name: /marked: concern/ }).waitFor();

  /** Waits for the end. @returns the pictures' content by cell */
  async function end(gallery: Gallery): Promise<Record<string, string>> {
    await gallery.untilFinished(CLASSES);
    await marked(gallery.page);
    const pictures = await gallery.pictures();
    return Object.fromEntries(
      Object.entries(pictures).map(([cell, address]) => [cell, hashIn(address)]),
    );
  }

  it('goes on while its page is loaded again, which is complete at once', async () => {
    const { page, gallery } = await begin('reloaded');
    const before = await gallery.finished.count();
    expect(before).toBeLessThan(CLASSES);
    await resume(page, 'reloaded');
    await page.reload();
    await gallery.untilFinished(before);
    await marked(page);
    Object.assign(undisturbed, await end(gallery));
    expect(Object.values(undisturbed).filter(Boolean)).toHaveLength(CLASSES);
  });

  it('goes on after its service was killed, and loses no prototype and no mark', async () => {
    const { page, gallery } = await begin('killed');
    const before = await gallery.pictures();
    const killed = studio!.service();
    const told = await lookOut(page);
    expect(await gallery.finished.count()).toBeLessThan(CLASSES);
    await resume(page, 'killed');
    process.kill(killed, 'SIGKILL');
    await told();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(studio!.service()).not.toBe(killed);
    expect(await gallery.pictures()).toMatchObject(before);
    expect(await end(gallery)).toEqual(undisturbed);
  });

  it.runIf(host.name === 'Chromium')(
    'is shown whole after its connection was cut, again and again',
    async () => {
      const { page, gallery } = await begin('cut');
      const line = await cutter(page);
      await resume(page, 'cut');
      await page.reload();
      for (let cut = 0; cut < 3; cut++) {
        await gallery.untilFinished(2);
        const before = await gallery.pictures();
        const told = await lookOut(page, 'does not answer');
        await line.cut();
        await told();
        expect(await gallery.pictures()).toMatchObject(before);
        await page.getByRole('alert').waitFor({ state: 'detached' });
      }
      expect(await end(gallery)).toEqual(undisturbed);
    },
  );
});

/** Puts scissors to the page's connection, from its next load on. */
async function cutter(page: Page): Promise<{ cut(): Promise<void> }> {
  let current: WebSocketRoute | undefined;
  await page.routeWebSocket(/\/line$/, (socket) => {
    socket.connectToServer();
    current = socket;
  });
  return { cut: () => current!.close({ code: 1012 }) };
}

/** Globals of the page; tests are checked without a browser's types. */
declare const location: { hash: string };
