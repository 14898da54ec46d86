import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hosts, type OpenStudio } from '../journey/support/hosts.ts';
import { Folder } from '../support/network.ts';
import { allOf, leavings } from './support/attempts.ts';
import { openCanary, type Canary } from './support/canary.ts';

const preload = join(import.meta.dirname, '..', '..', 'out', 'preload', 'preload.cjs');
const electron = hosts.filter(({ name }) => name === 'Electron');

describe.each(electron)('the desktop window', (host) => {
  const folder = new Folder();
  let canary: Canary;
  let studio: OpenStudio;
  beforeAll(async () => {
    [canary, studio] = await Promise.all([openCanary(), host.open(join(folder.path, 'empty'))]);
    await studio.page.getByRole('banner').waitFor();
  });
  afterAll(async () => {
    await studio?.close();
    canary.close();
    folder.remove();
  });

  it('shows no other page, and opens no other window', async () => {
    const { page, app } = studio;
    const address = page.url();
    await page.evaluate(allOf(leavings, canary));
    await page.waitForTimeout(1500);
    expect({ address: page.url(), arrivals: [...canary.arrivals] }).toEqual({
      address,
      arrivals: [],
    });
    expect(app!.windows()).toHaveLength(1);
  });

  it('reads no file but those of the page and the images', async () => {
    const read = await studio.page.evaluate(async () => {
      const places = [
        'app://studio/../../package.json',
        'app://studio/%2e%2e/%2e%2e/package.json',
        'app://studio/files/..%2feidoscope.db',
        'app://elsewhere/index.html',
        'file:///etc/hosts',
      ];
      const answers = await Promise.all(
        places.map((place) =>
          fetch(place).then(
            ({ ok }) => ok,
            () => false,
          ),
        ),
      );
      return { strange: answers, own: (await fetch('app://studio/index.html')).ok };
    });
    expect(read).toEqual({ strange: [false, false, false, false, false], own: true });
  });

  it('grants no permission', async () => {
    const states = await studio.page.evaluate(async () => {
      const browser = (globalThis as unknown as { navigator: Browser }).navigator;
      interface Browser {
        permissions: { query(wanted: { name: string }): Promise<{ state: string }> };
        mediaDevices: { getUserMedia(wanted: object): Promise<unknown> };
      }
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
      const answers = await Promise.all(
        names.map(async (name) => (await browser.permissions.query({ name })).state),
      );
      const camera = await browser.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: unknown) => (error as Error).name,
      );
      return [...answers, camera];
    });
    expect(states.filter((state) => state === 'granted' || state === 'prompt')).toEqual([]);
  });

  /** Opens a page in a window of its own, with our preload. @returns what the studio's process answers it */
  const answersTo = (address: string): Promise<{ messages: number; chosen: unknown }> =>
    studio.app!.evaluate(
      async ({ BrowserWindow }, { address, preload }) => {
        const isForeign = !address.startsWith('app://studio/');
        const webPreferences = { preload, sandbox: true, contextIsolation: true };
        const window = new BrowserWindow({ show: false, webPreferences });
        await window.loadURL(address).catch(() => undefined);
        const heard = (await window.webContents.executeJavaScript(`new Promise((resolve) => {
          let messages = 0;
          eidoscopeHost.listen(() => ++messages === 2 && resolve(messages));
          eidoscopeHost.send({ id: 1, call: 'studio.get', input: {} });
          if (${isForeign}) setTimeout(() => resolve(messages), 700);
        })`)) as number;
        const chosen: unknown = isForeign
          ? await window.webContents.executeJavaScript(`eidoscopeHost.choose('model')`)
          : 'not asked';
        window.destroy();
        return { messages: heard, chosen: chosen ?? 'nothing' };
      },
      { address, preload },
    );

  it('answers its own page, and no foreign one that has the same preload', async () => {
    const own = await answersTo('app://studio/');
    expect(own.messages).toBe(2);
    expect(await answersTo('app://elsewhere/')).toEqual({ messages: 0, chosen: 'nothing' });
    expect(await answersTo('about:blank')).toEqual({ messages: 0, chosen: 'nothing' });
  });
});
