/**
 * The desktop window: windows, dialogs and the page's own protocol, nothing else. Engine, jobs and database are the
 * service's, a process of its own that is started again when it ends.
 */
import { app, BrowserWindow, dialog, protocol, session } from 'electron';
import { join } from 'node:path';
import { configFolder } from '../../studio/kept-file.ts';
import type { Supervisor } from '../service/supervisor.ts';
import { Switchboard } from '../service/switchboard.ts';
import { answerWindows, connectWindows } from './bridge.ts';
import { namedWorkspace, readOptions } from './options.ts';
import { answerPage } from './page.ts';
import { allowPrinting } from './print.ts';
import { printAndQuit, readPrintOrder } from './print-order.ts';
import { openWindow, show } from './window.ts';
import { Workspaces } from './workspaces.ts';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

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
    // The only way for a page to send datagrams: no policy of content stands in it.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
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

/** A second start shows the first one's window, with the workspace that it names. */
function receiveSecondStarts(workspaces: Workspaces): void {
  app.on('second-instance', (_event, words, folder) => {
    const [window] = BrowserWindow.getAllWindows();
    // The first is still on its way.
    if (!window) return;
    show(window);
    const named = namedWorkspace(words, folder);
    if (named !== undefined) void workspaces.open(named, window);
  });
}

async function main(): Promise<void> {
  if (!app.commandLine.hasSwitch('user-data-dir')) {
    app.setPath('userData', join(configFolder(), 'window'));
  }
  if (!app.requestSingleInstanceLock()) {
    process.stdout.write('Eidoscope is open already: its window comes to the front.\n');
    return app.quit();
  }
  const workspaces = new Workspaces(readOptions(process.argv, process.cwd()));
  receiveSecondStarts(workspaces);
  await app.whenReady();
  connectWindows(new Switchboard(workspaces.supervisor));
  answerWindows(workspaces);
  allowPrinting(() => workspaces.path);
  lockDown();
  protocol.handle('app', (request) => answerPage(workspaces.path, request));
  stopBeforeQuitting(workspaces.supervisor);
  if (!(await workspaces.start())) return app.quit();
  await openWindow();
}

/** Whoever waits for a print reads what it says. */
function failPrinting(error: unknown): void {
  process.stderr.write(`${(error as Error).message}\n`);
  app.exit(1);
}

const order = readPrintOrder(process.argv);
if (order) {
  printAndQuit(order).catch(failPrinting);
} else {
  app.on('window-all-closed', () => app.quit());
  main().catch((error: unknown) => quitWith((error as Error).message));
}
