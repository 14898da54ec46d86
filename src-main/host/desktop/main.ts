/**
 * The desktop window: windows, dialogs and the page's own protocol, nothing else. Engine, jobs and database are the
 * service's, a process of its own that is started again when it ends.
 */
import { app, BrowserWindow, dialog, protocol, session } from 'electron';
import { join, resolve } from 'node:path';
import { programRoot } from '../../resources.ts';
import { Supervisor } from '../service/supervisor.ts';
import { Switchboard } from '../service/switchboard.ts';
import { connectWindows } from './bridge.ts';
import { answerPage, ORIGIN } from './page.ts';
import { startService } from './service.ts';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

function workspacePath(): string {
  const given = process.argv.find((argument) => argument.startsWith('--workspace='));
  return resolve(given?.slice('--workspace='.length) ?? join(programRoot, '.eidoscope', 'sample'));
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

/** Work under way is stopped in order: it goes on from there next time. */
function stopBeforeQuitting(supervisor: Supervisor): void {
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    void supervisor.stop().then(() => app.quit());
  });
}

function quitWith(message: string): void {
  dialog.showErrorBox('Eidoscope', message);
  app.exit(1);
}

async function main(): Promise<void> {
  await app.whenReady();
  const workspace = workspacePath();
  const sample = process.argv.includes('--sample');
  const supervisor = new Supervisor(() => startService({ workspace, sample }));
  connectWindows(new Switchboard(supervisor));
  lockDown();
  protocol.handle('app', (request) => answerPage(workspace, request));
  stopBeforeQuitting(supervisor);
  await supervisor.start();
  await openWindow();
}

app.on('window-all-closed', () => app.quit());
main().catch((error: unknown) => quitWith((error as Error).message));
