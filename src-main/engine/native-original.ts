import type { TensorData } from '../graph/ir.ts';
import { NativeSession } from './native-session.ts';
import { NativeThread } from './native-thread.ts';
import { WORKER } from './onnxruntime.ts';
import type { Port } from './onnxruntime-worker.ts';

/**
 * Runs an ONNX file as it is on onnxruntime's processor, without anything of ours in between but memory.
 * @param inputs with their shapes, which must not be free any more
 * @throws EngineError with onnxruntime's reason
 */
export async function runOriginal(
  path: string,
  inputs: readonly Port[],
  outputs: readonly Port[],
  feeds: Readonly<Record<string, TensorData>>,
): Promise<Record<string, TensorData>> {
  const thread = new NativeThread(WORKER, 'onnxruntime');
  try {
    const compile = {
      kind: 'compile',
      session: 0,
      model: path,
      provider: 'cpu',
      threads: 1,
    } as const;
    await thread.call({ ...compile, inputs, outputs });
    const session = new NativeSession(thread, { session: 0, inputs, outputs, compileMs: 0 });
    const results = await session.run(feeds);
    await session.release();
    return results;
  } finally {
    await thread.end();
  }
}
