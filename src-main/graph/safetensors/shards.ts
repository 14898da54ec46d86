import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { GraphError } from '../errors.ts';
import { printable } from '../onnx/wording.ts';

/** As Hugging Face's libraries name the list of a model's parts, and each part. */
const INDEX = 'model.safetensors.index.json';
const PART = /(\.safetensors\.index\.json|-\d+-of-\d+\.safetensors)$/;

/** @throws GraphError `not-a-model` where a file, or what a folder holds, is weights in several files */
export function refuseShards(path: string): void {
  if (!PART.test(basename(path)) && !existsSync(join(path, INDEX))) return;
  throw new GraphError(
    'not-a-model',
    `${printable(basename(path))} keeps its weights in several safetensors files; load it in Python and save them as one (safetensors.torch.save_file).`,
  );
}
