import { readSync } from 'node:fs';
import { printable } from './onnx/wording.ts';

/** As much of a file's start as tells what it is, and of its end: there a ZIP archive lists what is in it (bytes). */
const HEAD_BYTES = 4096;
const TAIL_BYTES = 2 ** 16;

const ORIGINAL = 'give the model that it was made from (ONNX, SavedModel or Keras)';
const EXPORT = 'export the network to ONNX (torch.onnx.export) and give that file';
const CONVERT = 'convert it to ONNX (python -m tf2onnx.convert) and give that file';
const GIVE = 'give the model itself';
const UNPACK = 'unpack it and give the model in it';

/** Formats that are told by how a file starts. */
const MAGIC: readonly (readonly [offset: number, bytes: string, what: string])[] = [
  [0, '\x89HDF', `a Keras model in HDF5; ${CONVERT}`],
  [4, 'TFL3', `a TensorFlow Lite model; ${ORIGINAL}, or ${CONVERT}`],
  [4, 'ORTM', 'an onnxruntime ORT file; give the ONNX file that it was made from'],
  [0, 'ftrt', `a TensorRT engine, made for one graphics card; ${ORIGINAL}`],
  [0, 'GGUF', 'a language model in GGUF, and no classifier of images'],
  [0, '\x1f\x8b', `compressed with gzip; ${UNPACK}`],
  [0, 'BZh', `compressed with bzip2; ${UNPACK}`],
  [0, '\xfd7zXZ', `compressed with xz; ${UNPACK}`],
  [0, '\x28\xb5\x2f\xfd', `compressed with Zstandard; ${UNPACK}`],
  [0, '7z\xbc\xaf', `a 7z archive; ${UNPACK}`],
  [0, 'Rar!', `a RAR archive; ${UNPACK}`],
  [257, 'ustar', `a TAR archive; ${UNPACK}`],
  [0, '\x89PNG', `a PNG image, not a model; ${GIVE}`],
  [0, '\xff\xd8\xff', `a JPEG image, not a model; ${GIVE}`],
  [0, '%PDF', `a PDF document, not a model; ${GIVE}`],
  [0, '\x93NUMPY', `a NumPy array, not a model; ${GIVE}`],
];

/** What a ZIP archive is, by names of files in it. */
const ARCHIVES: readonly (readonly [RegExp, string])[] = [
  [
    /data\.pkl|\.data\/|archive\//,
    `a PyTorch checkpoint, which holds Python pickles, and Eidoscope never opens those; ${EXPORT}`,
  ],
  [
    /saved_model\.pb/,
    'a ZIP archive of a TensorFlow SavedModel; unpack it and give the folder that holds saved_model.pb',
  ],
  [/com\.apple\.CoreML/, `a ZIP archive of a Core ML model; ${ORIGINAL}`],
  [
    /group\d+-shard\d+of\d+|model\.json/,
    'a ZIP archive of a TensorFlow.js model; unpack it and give the folder that holds model.json',
  ],
  [/\.onnx/, 'a ZIP archive; unpack it and give the .onnx file in it'],
  [/config\.json|metadata\.json/, `a Keras model; ${CONVERT}`],
  [/\.npy/, 'a NumPy archive, which holds arrays but no network'],
];

/** Endings of files that their content does not tell from an ONNX file: both are protobuf. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/\.(mlmodel|mlpackage|mlmodelc)$/i, `a Core ML model; ${ORIGINAL}`],
  [/\.caffemodel$/i, `a Caffe model; ${ORIGINAL}`],
];

/**
 * What a file is that is plainly no model that Eidoscope reads, and what to do: the end of the sentence "X is …".
 * @param name of the file, without its folders
 * @param file that is open for reading, of `size` bytes
 */
export function foreignFile(name: string, file: number, size: number): string | undefined {
  const part = (from: number, most: number): Uint8Array => {
    const bytes = new Uint8Array(Math.min(most, size - from));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  };
  const tail = (): Uint8Array => part(Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
  return foreignContent(name, part(0, HEAD_BYTES), tail);
}

/** The same of a file of which the start and, for archives, the end are at hand. */
export function foreignContent(
  name: string,
  head: Uint8Array,
  tail: () => Uint8Array,
): string | undefined {
  const text = latin1(head);
  const magic = MAGIC.find(([offset, bytes]) => text.startsWith(bytes, offset));
  if (magic) return magic[2];
  if (text.startsWith('PK\x03\x04')) return archive(text + latin1(tail()));
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) {
    return `a Python pickle, as PyTorch saves checkpoints, and Eidoscope never opens those; ${EXPORT}`;
  }
  if (/^(?:.\0{7}|..\0{6}|...\0{5})\{/s.test(text)) {
    return `a safetensors file, which holds weights but no network; ${EXPORT}`;
  }
  if (!head.some(isControl)) return words(new TextDecoder().decode(head));
  return foreignName(name);
}

/** What a file or folder is by its name. */
export const foreignName = (name: string): string | undefined =>
  ENDINGS.find(([ending]) => ending.test(name))?.[1];

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

const archive = (text: string): string =>
  ARCHIVES.find(([names]) => names.test(text))?.[1] ?? `a ZIP archive; ${UNPACK}`;

/** Text has no control characters but white space; a model in protobuf starts with one (a tag). */
function isControl(byte: number): boolean {
  return byte < 32 && (byte < 9 || byte > 13);
}

const POINTER = 'version https://git-lfs';

function words(text: string): string {
  const start = text.trimStart();
  if (start.startsWith(POINTER)) return pointer(start);
  if (/^(<!doctype html|<html|<head|<!--)/i.test(start)) return page(start);
  if (/^<\?xml[^>]*>\s*<net\b/.test(start)) return `an OpenVINO network; ${ORIGINAL}`;
  if (/^<\?xml/.test(start)) {
    return `an XML text, such as a server sends in place of a file that it does not give; ${AGAIN}`;
  }
  if (/^ir_version:/m.test(start)) {
    return 'an ONNX model written as text; save it with onnx.save and give that file';
  }
  if (/"(modelTopology|weightsManifest)"/.test(start)) return `a TensorFlow.js model; ${CONVERT}`;
  const kind = start.startsWith('{') ? 'a JSON file' : 'a text file';
  return `${kind} that starts with “${firstLine(start)}”, not a model; ${GIVE}`;
}

const AGAIN = 'download the file itself, and look how large it is';

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function pointer(text: string): string {
  const size = Number(/^size (\d{1,15})$/m.exec(text)?.[1] ?? NaN);
  const large = size >= 1e5 ? ` of ${(size / 1e6).toFixed(1)} MB` : '';
  return `a Git LFS pointer, a note in place of the file${large} that was not fetched; run git lfs pull in its folder, or download the file itself`;
}

function page(text: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1].trim();
  const called = title ? ` called “${firstLine(title)}”` : '';
  return `a web page${called} that was saved in place of a model; ${AGAIN}`;
}

const firstLine = (text: string): string => printable(text.split('\n', 1)[0].trim().slice(0, 60));

/** What a file beside a model is where it is a note or a page in place of weights. */
export function foreignWeights(file: number, size: number): string | undefined {
  if (size > HEAD_BYTES) return undefined;
  const head = new Uint8Array(size);
  const text = latin1(head.subarray(0, readSync(file, head, 0, size, 0)));
  const isOther = text.startsWith(POINTER) || /^\s*<(!doctype|html)/i.test(text);
  return isOther ? words(text) : undefined;
}
