import { StudioClient } from '../src-main/api/client.ts';
import type { MenuItem } from '../src-main/api/menu.ts';
import type { Line } from '../src-main/api/wire.ts';

/** What the desktop window's preload gives the page; a browser has none. */
export interface DesktopHost {
  readonly kind: 'desktop';
  readonly platform: string;
  /** Sends a message to the service. */
  send(message: unknown): void;
  /** Hears messages of the service, how it is first. */
  listen(hear: (message: unknown) => void): () => void;
  /** Path of a file that was dropped or chosen. */
  pathOf(file: File): string;
  /** Lets a person choose a file or folder. @returns its path, or undefined when they did not */
  choose(what: 'model' | 'folder' | 'image' | 'labels' | 'rows'): Promise<string | undefined>;
  /** Prints a report that was written, by the name of its folder. @returns why it could not, in `message` */
  print(folder: string): Promise<{ readonly file?: object; readonly message?: string }>;
  /** Workspaces that were open, the last one first. */
  recentWorkspaces(): Promise<string[]>;
  /** Opens a workspace in this window: one that was open, one that exists, or a new one. */
  openWorkspace(what: string): Promise<void>;
  /** Shows the page's commands in the window's menu. */
  showMenu(items: readonly MenuItem[]): Promise<void>;
  /** Hears what was chosen in the menu. @returns stops listening */
  onCommand(hear: (id: string) => void): () => void;
}

export const desktop = (globalThis as { eidoscopeHost?: DesktopHost }).eidoscopeHost;

/** Waits between two tries to reach the service, in milliseconds. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

const LOST = {
  event: 'service',
  value: {
    state: 'down',
    message:
      'The studio does not answer: check that Eidoscope still runs; this page goes on when it does.',
  },
};

/** A line to the host that served this page; a broken one is opened again until the page is closed. */
function socketLine(): Line {
  let hear: (message: unknown) => void = () => undefined;
  let wait = FIRST_WAIT;
  let socket: WebSocket;
  const open = (): void => {
    socket = new WebSocket(new URL('line', location.href.replace(/^http/, 'ws')));
    socket.onopen = () => (wait = FIRST_WAIT);
    socket.onmessage = ({ data }) => hear(JSON.parse(String(data)));
    socket.onclose = () => {
      hear(LOST);
      setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, 2 * wait);
    };
  };
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    listen(listener) {
      hear = listener;
      open();
      return () => (hear = () => undefined);
    },
  };
}

/** The page's end of the contract, whatever the host. */
export const openClient = (): StudioClient => new StudioClient(desktop ?? socketLine());
