import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, join } from 'node:path';
import { GraphError } from '../errors.ts';
import { printable } from './wording.ts';

/** Protobuf's own limit: larger models keep their weights in external data (bytes). */
const MAX_FILE_BYTES = 2 ** 31;
const SNIFFED_BYTES = 4096;

const EXPORT = 'export the network to ONNX (torch.onnx.export) and give that file';
const CONVERT = 'convert it to ONNX (python -m tf2onnx.convert) and give that file';

/**
 * Reads a model file after a look at its first bytes.
 * @throws GraphError `not-a-model`, `truncated` or `too-large`, saying what the file is instead and what to do
 */
export function readModelFile(path: string): Uint8Array {
  return access(path, () => {
    checkKind(path, statSync(path));
    const file = openSync(path, 'r');
    try {
      const head = new Uint8Array(SNIFFED_BYTES);
      const other = sniff(head.subarray(0, readSync(file, head, 0, head.length, 0)));
      if (other) throw notAModel(`${nameOf(path)} is ${other}.`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  });
}

/** Checked before opening: opening a pipe without a writer would hang. */
function checkKind(path: string, stat: Stats): void {
  const name = nameOf(path);
  if (stat.isDirectory()) throw notAModel(describeFolder(path));
  if (!stat.isFile()) throw notAModel(`${name} is not a regular file; give an ONNX file.`);
  if (stat.size === 0) {
    throw new GraphError('truncated', `${name} is empty; fetch or export it again.`);
  }
  if (stat.size > MAX_FILE_BYTES) {
    throw new GraphError(
      'too-large',
      `${name} is larger than 2 GB; save the model with external data.`,
    );
  }
}

function access<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing
      ? 'does not exist; check the path'
      : 'cannot be opened; check that you may read it';
    throw new GraphError('not-a-model', `The model file ${printable(path)} ${reason}.`, {
      cause: error,
    });
  }
}

function nameOf(path: string): string {
  return printable(basename(path));
}

export function notAModel(sentence: string): GraphError {
  return new GraphError('not-a-model', sentence);
}

function describeFolder(path: string): string {
  const name = nameOf(path);
  if (existsSync(join(path, 'saved_model.pb'))) {
    return `${name} is a TensorFlow SavedModel; ${CONVERT}.`;
  }
  if (existsSync(join(path, 'model.json'))) {
    return `${name} is a folder with a TensorFlow.js model; ${CONVERT}.`;
  }
  return `${name} is a folder; give the path of the .onnx file itself.`;
}

/** Formats that are told by how a file starts. */
const MAGIC: readonly (readonly [offset: number, bytes: string, what: string])[] = [
  [0, '\x89HDF', `a Keras model in HDF5; ${CONVERT}`],
  [4, 'TFL3', `a TensorFlow Lite model; ${CONVERT}`],
  [4, 'ORTM', 'an onnxruntime ORT file; give the ONNX file that it was made from'],
  [0, '\x1f\x8b', 'compressed with gzip; unpack it first'],
  [0, '\x89PNG', 'a PNG image, not a model'],
  [0, '\xff\xd8\xff', 'a JPEG image, not a model'],
  [0, 'version https://git-lfs', 'a Git LFS pointer, not the model itself; run git lfs pull'],
  [0, '\x93NUMPY', 'a NumPy array, not a model'],
];

/** What the file is, when it is plainly no ONNX model: the end of the sentence "X is …". */
function sniff(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  const magic = MAGIC.find(([offset, bytes]) => text.startsWith(bytes, offset));
  if (magic) return magic[2];
  if (text.startsWith('PK\x03\x04')) return describeArchive(text);
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) {
    return `a Python pickle, as PyTorch saves checkpoints, and Eidoscope never opens those; ${EXPORT}`;
  }
  if (/^.\0{7}\{/s.test(text) || /^..\0{6}\{/s.test(text) || /^...\0{5}\{/s.test(text)) {
    return `a safetensors file, which holds weights but no network; ${EXPORT}`;
  }
  return head.some(isControl) ? undefined : describeText(text);
}

function describeArchive(text: string): string {
  if (/data\.pkl|\.data\/|archive\//.test(text)) {
    return `a PyTorch checkpoint, which holds Python pickles, and Eidoscope never opens those; ${EXPORT}`;
  }
  if (/config\.json|metadata\.json/.test(text)) return `a Keras model; ${CONVERT}`;
  return 'a ZIP archive; unpack it and give the .onnx file';
}

/** Text has no control characters but white space; an ONNX file starts with one (a tag). */
function isControl(byte: number): boolean {
  return byte < 32 && (byte < 9 || byte > 13);
}

function describeText(text: string): string {
  const start = text.trimStart();
  if (/^<(!doctype|html)/i.test(start)) return 'a web page, not a model; download the file itself';
  if (!start.startsWith('{')) return 'a text file, not an ONNX model; give a .onnx file';
  if (/"(modelTopology|weightsManifest)"/.test(text)) return `a TensorFlow.js model; ${CONVERT}`;
  return 'a JSON file, not an ONNX model; give a .onnx file';
}
