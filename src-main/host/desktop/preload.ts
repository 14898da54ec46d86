import { contextBridge, ipcRenderer, webUtils } from 'electron';

/**
 * All that the page gets of the desktop: the line to the service, and paths of files that a person drops or chooses.
 * Messages are checked at both ends of the line, here they only pass.
 */
contextBridge.exposeInMainWorld('eidoscopeHost', {
  kind: 'desktop',
  platform: process.platform,
  send: (message: unknown) => ipcRenderer.send('line', message),
  listen: (hear: (message: unknown) => void) => {
    const listener = (_event: unknown, message: unknown): void => hear(message);
    ipcRenderer.on('line', listener);
    ipcRenderer.send('open');
    return () => void ipcRenderer.off('line', listener);
  },
  pathOf: (file: File) => webUtils.getPathForFile(file),
  choose: (what: unknown) => ipcRenderer.invoke('choose', what),
});
