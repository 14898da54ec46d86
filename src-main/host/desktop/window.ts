import { BrowserWindow, screen } from 'electron';
import { join } from 'node:path';
import { programRoot } from '../../resources.ts';
import { ORIGIN } from './page.ts';
import { rememberedWindow, rememberWindow, type WindowPlace } from './remembered.ts';

const SIZE = { width: 1280, height: 840, minWidth: 640, minHeight: 480 };

/** Whether a screen still shows where the window was: one may have been unplugged. */
function isVisible({ x, y, width, height }: WindowPlace): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const across = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    const down = Math.min(y + height, workArea.y + workArea.height) - Math.max(y, workArea.y);
    return across >= 100 && down >= 100;
  });
}

/** Opens the studio's window where it was last, and as large. */
export async function openWindow(): Promise<Electron.BrowserWindow> {
  const before = rememberedWindow();
  const { x, y, width, height } =
    before && isVisible(before) ? before : ({} as Partial<WindowPlace>);
  const window = new BrowserWindow({
    ...SIZE,
    ...(width !== undefined && { x, y, width, height }),
    ...{ show: false, title: 'Eidoscope' },
    webPreferences: {
      preload: join(programRoot, 'out', 'preload', 'preload.cjs'),
      ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true },
    },
  });
  if (before?.maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberWindow(placeOf(window)));
  window.webContents.once('did-finish-load', () =>
    window.webContents.setZoomLevel(before?.zoom ?? 0),
  );
  await window.loadURL(`${ORIGIN}/`);
  return window;
}

const placeOf = (window: Electron.BrowserWindow): WindowPlace => ({
  ...window.getNormalBounds(),
  maximised: window.isMaximized(),
  zoom: window.webContents.getZoomLevel(),
});

/** Brings the window to the front. */
export function show(window: Electron.BrowserWindow | undefined): void {
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}
