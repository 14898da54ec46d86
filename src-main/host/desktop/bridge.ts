import { BrowserWindow, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import { menuSchema } from '../../api/menu.ts';
import type { Switchboard } from '../service/switchboard.ts';
import { choose } from './choose.ts';
import { showMenu } from './menu.ts';
import { ORIGIN } from './page.ts';
import { recentWorkspaces } from './remembered.ts';
import { chooseWorkspace, type Workspaces } from './workspaces.ts';

/** Only our own page speaks to us, and no frame inside it. */
export function isOurs({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return (
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    senderFrame.url.startsWith(`${ORIGIN}/`)
  );
}

/** Connects windows with the service. A page that is loaded again opens its line anew. */
export function connectWindows(switchboard: Switchboard): void {
  const hears = new Map<number, (message: unknown) => void>();
  const leaves = new Map<number, () => void>();
  ipcMain.on('open', (event) => {
    if (!isOurs(event)) return;
    const { sender } = event;
    const { id } = sender;
    if (!leaves.has(id)) sender.once('destroyed', () => leave(id));
    leaves.get(id)?.();
    const disconnect = switchboard.connect({
      send: (message) => sender.isDestroyed() || sender.send('line', message),
      listen(hear) {
        hears.set(id, hear);
        return () => void hears.delete(id);
      },
    });
    leaves.set(id, disconnect);
  });
  ipcMain.on('line', (event, message) => {
    if (isOurs(event)) hears.get(event.sender.id)?.(message);
  });
  const leave = (id: number): void => {
    leaves.get(id)?.();
    leaves.delete(id);
  };
}

/** Dialogs, menus and workspaces: what a page asks of its window. */
export function answerWindows(workspaces: Workspaces): void {
  const on = (
    name: string,
    act: (window: Electron.BrowserWindow, what: unknown) => unknown,
  ): void =>
    ipcMain.handle(name, (event, what: unknown) => {
      const window = BrowserWindow.fromWebContents(event.sender);
      return window && isOurs(event) ? act(window, what) : undefined;
    });
  on('recent', () => recentWorkspaces());
  on('workspace', async (window, what) => {
    const path = await workspaceOf(window, what);
    if (path !== undefined) await workspaces.open(path, window);
  });
  on('menu', (window, what) => {
    const items = menuSchema.safeParse(what);
    if (!items.success) return;
    showMenu(items.data, {
      run: (id) => window.isDestroyed() || window.webContents.send('command', id),
      openWorkspace: (path) => void workspaces.open(path, window),
      ...{ recent: recentWorkspaces(), platform: process.platform },
    });
  });
  ipcMain.handle('choose', (event, what: unknown) =>
    isOurs(event) ? choose(event, what) : undefined,
  );
}

/** A page can name no path that its person has not opened before; else the person is asked. */
function workspaceOf(window: Electron.BrowserWindow, what: unknown): Promise<string | undefined> {
  if (what === 'open' || what === 'new') return chooseWorkspace(what, window);
  return Promise.resolve(recentWorkspaces().find((path) => path === what));
}
