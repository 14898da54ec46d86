import { SHARE_ENV, Worker } from 'node:worker_threads';
import { EngineError } from './engine.ts';
import type { Answer, Request } from './onnxruntime-worker.ts';

interface Waiting<A> {
  resolve(answer: A): void;
  reject(error: Error): void;
}

/** What came of the request of the same number, or why it failed. */
type Reply<A> =
  { readonly id: number; readonly answer: A } | { readonly id: number; readonly error: string };

/** The caller's end of a thread that runs a native library. The thread keeps the process alive only while it works. */
export class NativeThread<Q = Request, A = Answer> {
  readonly #worker: Worker;
  readonly #runtime: string;
  readonly #waiting = new Map<number, Waiting<A>>();
  #serial = 0;
  #failure: EngineError | undefined;
  #isClosed = false;

  /** @param runtime the library's name, for messages */
  constructor(script: URL, runtime: string) {
    this.#runtime = runtime;
    // Native libraries read the environment of the process, not a thread's copy.
    this.#worker = new Worker(script, { env: SHARE_ENV });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply<A>) => this.#settle(reply));
    this.#worker.on('error', (error: Error) => this.#fail(error.message));
    this.#worker.on('exit', (code) => this.#fail(`its thread ended with code ${code}`));
  }

  /** Whether `end` was called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a request; `transfer` lists buffers that the caller gives away. @throws EngineError with the library's reason. */
  call(request: Q, transfer: readonly ArrayBuffer[] = []): Promise<A> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#serial++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, request }, [...transfer]);
    });
  }

  /** Ends the thread. What still waits fails; so does whatever is asked later. */
  async end(): Promise<void> {
    this.#isClosed = true;
    this.#fail('it was closed');
    // A thread that nothing waits for lets the process end, and with it whoever waits for the thread's end.
    const awake = setInterval(() => undefined, 1000);
    await this.#worker.terminate();
    clearInterval(awake);
  }

  #settle(reply: Reply<A>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('error' in reply) waiting?.reject(new EngineError(sentence(reply.error)));
    else waiting?.resolve(reply.answer);
  }

  #fail(reason: string): void {
    this.#failure ??= new EngineError(`${this.#runtime} stopped: ${sentence(reason)}`);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

const LONGEST = 300;

/** A library's reason without its source paths, status codes and further lines. */
export function sentence(reason: string): string {
  const first = reason
    .replaceAll(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, '')
    .replaceAll(/Exception during initialization: /g, '')
    .replace(/^\/\S+\.cc:\d+ .*\((?:const )?[^)]*\)(?: const)?(?:::<lambda\(\)>)? /, '')
    .split('\n')[0]
    .trim();
  const short = first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
