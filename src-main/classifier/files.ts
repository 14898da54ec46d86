import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelFile } from './classifier.ts';

/** Size and hash of a file, read in pieces. @param folder of the model, to which its path is relative */
export async function fileRecord(folder: string, path: string): Promise<ModelFile> {
  const hash = createHash('sha256');
  const stream = createReadStream(path);
  await pipeline(stream, hash);
  return {
    path: relative(folder, path).split(sep).join('/'),
    bytes: stream.bytesRead,
    sha256: hash.digest('hex'),
  };
}
