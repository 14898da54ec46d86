import {
  BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron';
import type { Switchboard } from '../service/switchboard.ts';
import { ORIGIN } from './page.ts';

/** Only our own page speaks to us, and no frame inside it. */
function isOurs({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
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
  ipcMain.handle('choose', (event, what: unknown) =>
    isOurs(event) ? choose(event, what) : undefined,
  );
}

/** Lets a person choose a model file or a folder. @returns its path, or undefined when they did not */
async function choose(event: IpcMainInvokeEvent, what: unknown): Promise<string | undefined> {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (!window) return undefined;
  const filters = [{ name: 'Models', extensions: ['onnx'] }];
  const options: Electron.OpenDialogOptions =
    what === 'folder' ? { properties: ['openDirectory'] } : { properties: ['openFile'], filters };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? undefined : filePaths[0];
}
