import { BrowserWindow, dialog, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron';
import { modelFormats } from '../../api/formats.ts';

const models = {
  name: 'Models',
  extensions: modelFormats.flatMap(({ endings }) => [...endings]),
};
const images = { name: 'Images', extensions: ['png', 'jpg', 'jpeg', 'webp', 'gif', 'tif', 'tiff'] };
const all = { name: 'All files', extensions: ['*'] };

/** What a page may ask for, and how its dialog looks. */
const dialogs: Readonly<Record<string, OpenDialogOptions>> = {
  model: { title: 'Choose a model', properties: ['openFile'], filters: [models, all] },
  folder: { title: 'Choose a folder', properties: ['openDirectory'] },
  image: { title: 'Choose a photograph', properties: ['openFile'], filters: [images, all] },
  labels: {
    title: 'Choose the class names',
    properties: ['openFile'],
    filters: [{ name: 'Text', extensions: ['txt', 'csv', 'json'] }, all],
  },
  rows: {
    title: 'Choose a table',
    properties: ['openFile'],
    filters: [{ name: 'CSV', extensions: ['csv'] }, all],
  },
};

/** Lets a person choose a file or a folder. @returns its path, or undefined when they did not */
export async function choose(
  event: IpcMainInvokeEvent,
  what: unknown,
): Promise<string | undefined> {
  const window = BrowserWindow.fromWebContents(event.sender);
  const name = String(what);
  if (!window || !Object.hasOwn(dialogs, name)) return undefined;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, dialogs[name]);
  return canceled ? undefined : filePaths[0];
}
