import { contextBridge, ipcRenderer, webUtils } from 'electron';

/** Hears what the window says. @returns stops listening */
const hearing = (channel: string) => (hear: (message: unknown) => void) => {
  const listener = (_event: unknown, message: unknown): void => hear(message);
  ipcRenderer.on(channel, listener);
  return () => void ipcRenderer.off(channel, listener);
};

const hearLine = hearing('line');

/**
 * All that the page gets of the desktop: the line to the service, paths of files that a person drops or chooses, and
 * the window's menus and workspaces. Messages are checked at both ends of the line, here they only pass.
 */
contextBridge.exposeInMainWorld('eidoscopeHost', {
  kind: 'desktop',
  platform: process.platform,
  send: (message: unknown) => ipcRenderer.send('line', message),
  listen: (hear: (message: unknown) => void) => {
    const stop = hearLine(hear);
    ipcRenderer.send('open');
    return stop;
  },
  pathOf: (file: File) => webUtils.getPathForFile(file),
  choose: (what: unknown) => ipcRenderer.invoke('choose', what),
  /** Prints a report of the workspace by the name of its folder. */
  print: (folder: unknown) => ipcRenderer.invoke('print', folder),
  recentWorkspaces: () => ipcRenderer.invoke('recent'),
  openWorkspace: (what: unknown) => ipcRenderer.invoke('workspace', what),
  showMenu: (items: unknown) => ipcRenderer.invoke('menu', items),
  onCommand: hearing('command'),
});
