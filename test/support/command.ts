import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The command line as its sources have it. */
export const program = join(root, 'src-main', 'host', 'cli', 'main.ts');

/** The Node that runs it: this one where it is recent enough, else the pinned one. */
export const node =
  Number(process.versions.node.split('.')[0]) >= 24
    ? process.execPath
    : join(root, 'node_modules', 'node', 'bin', 'node');

/** Stripping the types of all sources anew would take most of the time of a short command. */
export const environment = {
  ...process.env,
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'eidoscope-tests'),
};

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until standard error holds a text. @throws when the command ends without it */
  readonly says: (text: string) => Promise<void>;
}

/** Starts `eidoscope ARGS` in a folder. @param more variables of its environment */
export function start(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(node, [program, ...args], {
    cwd,
    env: { ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (written.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (written.stderr += data.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...written,
  }));
  const says = async (text: string): Promise<void> => {
    while (!written.stderr.includes(text)) {
      const last = await Promise.race([once(child.stderr, 'data'), ended]);
      if (!Array.isArray(last)) throw new Error(`It never said "${text}": ${last.stderr}`);
    }
  };
  return { child, ended, says };
}

/** Runs `eidoscope ARGS` in a folder to its end. */
export const eidoscope = (args: readonly string[], cwd: string): Promise<Ended> =>
  start(args, cwd).ended;
