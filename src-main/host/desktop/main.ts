/**
 * The desktop window. It shows the same page as the web host, under its own protocol; the workspace is read by a
 * process of its own, and the page knows nothing of either.
 */
import { app, BrowserWindow, dialog, protocol, session } from 'electron';
import { join } from 'node:path';
import { programRoot } from '../../resources.ts';
import { forwardTo, ORIGIN, startService, type Service } from './service.ts';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

function workspacePath(): string {
  const given = process.argv.find((argument) => argument.startsWith('--workspace='));
  return given?.slice('--workspace='.length) ?? join(programRoot, '.eidoscope', 'sample');
}

/** Nothing but our own protocol, no permission, no other window and no other page. */
function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) =>
    decide(false),
  );
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !/^(app|devtools):/.test(details.url) }),
  );
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

async function openWindow(): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 840,
    show: false,
    title: 'Eidoscope',
    webPreferences: {
      preload: join(programRoot, 'out', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    },
  });
  window.removeMenu();
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${ORIGIN}/`);
}

function quitWith(message: string): void {
  dialog.showErrorBox('Eidoscope', message);
  app.exit(1);
}

async function main(): Promise<void> {
  await app.whenReady();
  const service: Service = await startService(workspacePath());
  app.on('will-quit', () => service.stop());
  void service.ended.then(quitWith);
  lockDown();
  protocol.handle('app', (request) => forwardTo(service, request));
  await openWindow();
}

app.on('window-all-closed', () => app.quit());
main().catch((error: unknown) => quitWith((error as Error).message));
