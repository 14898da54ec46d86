import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TF } from './operation.ts';
import type { Facts, OpenRequest } from './tensorflow-worker.ts';

/** TensorFlow's own library, or plain TensorFlow.js as WebAssembly or JavaScript. */
export type Backend = 'tensorflow' | 'wasm' | 'cpu';

export interface Loaded {
  readonly tf: TF;
  readonly facts: Facts;
}

// The packages are CommonJS, large and slow to load: nothing of them is imported before it is asked for.
const ownRequire = createRequire(import.meta.url);

/** @throws Error when the backend cannot be had, with the reason */
export async function loadBackend({ backend, folder, threads }: OpenRequest): Promise<Loaded> {
  if (backend === 'tensorflow') return loadNative(folder!, threads);
  const tf = ownRequire('@tensorflow/tfjs-core') as TF;
  // Without it each call checks its numbers, and a greeting is printed.
  tf.enableProdMode();
  ownRequire(`@tensorflow/tfjs-backend-${backend}`);
  if (backend === 'wasm') locateWasm();
  await use(tf, backend);
  return { tf, facts: { version: tf.version_core, gpu: false } };
}

function locateWasm(): void {
  const name = '@tensorflow/tfjs-backend-wasm';
  const { setWasmPaths } = ownRequire(name) as { setWasmPaths: (folder: string) => void };
  setWasmPaths(join(dirname(ownRequire.resolve(name)), '/'));
}

async function use(tf: TF, backend: Backend): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`);
  await tf.ready();
}

interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** @param folder of a package tfjs-node or tfjs-node-gpu */
async function loadNative(folder: string, threads: number): Promise<Loaded> {
  prepareEnvironment(threads);
  const tf = createRequire(join(folder, 'package.json'))(folder) as TF;
  tf.enableProdMode();
  await use(tf, 'tensorflow');
  const native = tf.backend() as unknown as NativeBackend;
  return { tf, facts: { version: native.binding.TF_Version, gpu: native.isUsingGpuDevice } };
}

/** TensorFlow reads its environment when it is loaded; it must neither talk nor take more threads than it was given. */
function prepareEnvironment(threads: number): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = '1';
  // tfjs-node 4.22 calls functions that Node 23 dropped: https://nodejs.org/api/deprecations.html#DEP0048
  const old = ownRequire('node:util') as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray = Array.isArray;
}
