import type { Line } from '../../api/wire.ts';

/** The service's line to its host. */
export interface HostLine extends Line {
  /** Tells that the host is no more. */
  onGone(act: () => void): void;
}

/** What Electron gives a utility process in place of an IPC channel. */
interface ParentPort {
  on(event: 'message', hear: (event: { data: unknown }) => void): void;
  off(event: 'message', hear: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** The line of this process: Electron's port, or Node's IPC channel. @throws Error when it was started by hand */
export function openHostLine(): HostLine {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return overPort(parentPort);
  if (process.connected) return overChannel();
  throw new Error('The studio’s service is started by "npm start" or "eidoscope serve".');
}

/** Electron ends a utility process with its parent. */
const overPort = (port: ParentPort): HostLine => ({
  send: (message) => port.postMessage(message),
  listen(hear) {
    const listener = ({ data }: { data: unknown }): void => hear(data);
    port.on('message', listener);
    return () => port.off('message', listener);
  },
  onGone: () => undefined,
});

const overChannel = (): HostLine => ({
  send(message) {
    // A host that has just gone is noticed by `disconnect`.
    if (process.connected) process.send!(message, undefined, undefined, () => undefined);
  },
  listen(hear) {
    process.on('message', hear);
    return () => process.off('message', hear);
  },
  onGone: (act) => void process.once('disconnect', act),
});
