import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A display to open windows on. */
export interface Display {
  /** What a program must find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

const needsServer = (): boolean =>
  process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;

/** Whether windows can be opened on this machine: on a screen, or on one that nobody sees. */
export const hasDisplay = (): boolean =>
  !needsServer() || spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error === undefined;

/** This machine's display, or one in memory that lasts until it is closed. */
export async function openDisplay(): Promise<Display> {
  if (!needsServer()) return { env: {}, close: () => undefined };
  // Xvfb writes the number of the display that it took to the pipe.
  const screen = ['-screen', '0', '1920x1200x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', ['-displayfd', '3', ...screen], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer];
  return {
    env: { DISPLAY: `:${number.toString().trim()}` },
    close: () => void server.kill(),
  };
}
