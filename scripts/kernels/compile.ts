import { join } from 'node:path';
import { main } from 'assemblyscript/asc';
import { programRoot } from '../../src-main/resources.ts';

const OPTIONS = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
  ...['--importMemory', '--noExportMemory'],
];

/** The kernels, compiled from their source. @throws Error with what the compiler says */
export async function compileKernels(): Promise<Uint8Array> {
  const source = join('src-main', 'prototype', 'kernels', 'assembly', 'index.ts');
  let binary: Uint8Array | undefined;
  const words: string[] = [];
  const stderr = { write: (text: unknown) => void words.push(String(text)) };
  const { error } = await main(
    [source, '--baseDir', programRoot, '--outFile', 'kernels.wasm', ...OPTIONS],
    {
      stderr,
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
    },
  );
  if (error || !binary) throw new Error(words.join(''), { cause: error });
  return binary;
}
