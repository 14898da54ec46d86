import { Worker } from 'node:worker_threads';
import { EngineError } from './engine.ts';
import type { Answer, Reply, Request } from './onnxruntime-worker.ts';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The caller's end of the thread that runs onnxruntime. The thread keeps the process alive only while it works. */
export class NativeThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #failure: EngineError | undefined;

  constructor() {
    // The built program holds JavaScript beside it, the source tree TypeScript.
    const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./onnxruntime-worker.${suffix}`, import.meta.url));
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error: Error) => this.#fail(error.message));
    this.#worker.on('exit', (code) => this.#fail(`its thread ended with code ${code}`));
  }

  /** Sends a request; `transfer` lists buffers that the caller gives away. @throws EngineError with onnxruntime's reason. */
  call(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#serial++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, request }, [...transfer]);
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('error' in reply) waiting?.reject(new EngineError(sentence(reply.error)));
    else waiting?.resolve(reply.answer);
  }

  #fail(reason: string): void {
    this.#failure ??= new EngineError(`onnxruntime stopped: ${sentence(reason)}`);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

const LONGEST = 300;

/** onnxruntime's reason without its source paths, status codes and further lines. */
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
