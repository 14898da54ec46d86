import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A service that was started. */
export interface ServiceProcess {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(hear: (message: unknown) => void): void;
  /** Told once, with what it wrote to standard error last. */
  onExit(act: (words: string) => void): void;
  /** Asks it to stop. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What a service is started with. */
export interface ServiceOptions {
  readonly workspace: string;
  readonly engine?: string;
  readonly threads?: number;
  /** Whether the bundled sample is audited first. */
  readonly sample?: boolean;
  /** Whether nothing may be written. */
  readonly readOnly?: boolean;
}

/** The program of the service: the built one beside the built host, the source beside the source. */
export function servicePath(): string {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./main.${suffix}`, import.meta.url));
}

export const argumentsOf = ({
  workspace,
  engine,
  threads,
  sample,
  readOnly,
}: ServiceOptions): string[] => [
  ...['--workspace', workspace],
  ...(engine === undefined ? [] : ['--engine', engine]),
  ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ...(sample ? ['--sample'] : []),
  ...(readOnly ? ['--read-only'] : []),
];

/** Starts the service in a Node of its own. @param node its executable; that of this process by default */
export function startNodeProcess(options: ServiceOptions, node = process.execPath): ServiceProcess {
  const child = fork(servicePath(), argumentsOf(options), {
    execPath: node,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
    process.stderr.write(chunk);
  });
  // Both a failed start and a message to a process that has just died are told by `close` as well.
  child.on('error', (error) => (words ||= error.message));
  return {
    pid: child.pid,
    send: (message) => child.connected && child.send(message as object, () => undefined),
    onMessage: (hear) => void child.on('message', hear),
    onExit: (act) => void child.once('close', () => act(words.trim())),
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}
