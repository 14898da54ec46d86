import { dialog, type OpenDialogOptions } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceOptions } from '../service/node-process.ts';
import { Supervisor } from '../service/supervisor.ts';
import { ORIGIN } from './page.ts';
import { rememberWorkspace } from './remembered.ts';
import { startService } from './service.ts';

const MOVING =
  'One moment: another workspace is opened. Work that is under way here goes on when this one is opened again.';

const ways = ['Try again', 'Open another workspace…', 'Open it to be read only', 'Quit'] as const;

/** The workspace that the window shows, and its service. */
export class Workspaces {
  readonly supervisor: Supervisor;
  #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.supervisor = new Supervisor(() => startService(this.#options));
  }

  get path(): string {
    return this.#options.workspace;
  }

  /** Starts the service; where that fails, its person says what to open instead. @returns whether it runs */
  async start(): Promise<boolean> {
    for (;;) {
      try {
        await this.supervisor.start();
        rememberWorkspace(this.path);
        return true;
      } catch (error) {
        if (!(await this.#anotherWay((error as Error).message))) return false;
      }
    }
  }

  /** Shows another workspace in the same window; the one before stays where the other cannot be opened. */
  async open(path: string, window: Electron.BrowserWindow): Promise<void> {
    if (path === this.path) return;
    const options = { ...this.#options, workspace: path, sample: false, readOnly: false };
    try {
      await this.supervisor.become(() => startService(options), MOVING);
    } catch (error) {
      const { message } = error as Error;
      await dialog.showMessageBox(window, {
        ...{ type: 'warning', message, buttons: ['Go on with the one before'] },
      });
      return;
    }
    this.#options = options;
    rememberWorkspace(path);
    // Nothing that the page knows is of this workspace, its address least of all.
    await window.loadURL(`${ORIGIN}/`);
  }

  async #anotherWay(message: string): Promise<boolean> {
    const { response } = await dialog.showMessageBox({
      ...{ type: 'warning', title: 'Eidoscope', message, buttons: [...ways], cancelId: 3 },
    });
    const way = ways[response];
    if (way === 'Quit') return false;
    const options = { ...this.#options, sample: false };
    if (way === 'Open it to be read only') this.#options = { ...options, readOnly: true };
    if (way !== 'Open another workspace…') return true;
    const path = await chooseFolder({ title: 'Open workspace' });
    if (path !== undefined) this.#options = { ...options, workspace: path, readOnly: false };
    return true;
  }
}

/** @returns the folder's path, or undefined where none was chosen */
async function chooseFolder(
  options: OpenDialogOptions,
  window?: Electron.BrowserWindow,
): Promise<string | undefined> {
  const whole: OpenDialogOptions = { ...options, properties: ['openDirectory', 'createDirectory'] };
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, whole)
    : dialog.showOpenDialog(whole));
  return filePaths[0];
}

/** Lets a person choose a workspace that exists, or a folder for a new one. */
export async function chooseWorkspace(
  kind: 'open' | 'new',
  window: Electron.BrowserWindow,
): Promise<string | undefined> {
  const isNew = kind === 'new';
  const path = await chooseFolder(
    isNew
      ? { title: 'New workspace', buttonLabel: 'Create here' }
      : { title: 'Open workspace', buttonLabel: 'Open' },
    window,
  );
  if (path === undefined || isNew || existsSync(join(path, 'eidoscope.db'))) return path;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `There is no workspace in ${path} yet: begin one there?`,
    ...{ buttons: ['Begin one', 'Cancel'], cancelId: 1 },
  });
  return response === 0 ? path : undefined;
}
