import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { GraphError } from './errors.ts';
import type { Graph } from './ir.ts';
import type { OpenedFile } from './folder-file.ts';
import { readKeras } from './keras/read.ts';
import { readOnnx } from './onnx/read.ts';
import { printable } from './onnx/wording.ts';
import { readFrozenGraph, readSavedModel } from './saved-model/read.ts';
import { readSafetensors } from './safetensors/read.ts';
import { refuseShards } from './safetensors/shards.ts';
import { readGraphModel } from './tfjs/graph-model.ts';
import { readLayersModel } from './tfjs/layers-model.ts';
import { readTfjsFile } from './tfjs/manifest.ts';

/** What a model file is, told by its content. */
export type ModelFormat =
  'onnx' | 'tfjs-graph' | 'tfjs-layers' | 'saved-model' | 'frozen-graph' | 'keras' | 'safetensors';

/** A model as its file has it: a graph of canonical operators, and what the file says about itself. */
export interface Model {
  readonly format: ModelFormat;
  /** What to call it where nothing else gives it a name. */
  readonly name: string;
  readonly graph: Graph;
  /** Of ONNX alone. */
  readonly opset?: number;
  /** The program that wrote the file, as it says itself; may be empty. */
  readonly producer: string;
  /** The model file first; paths are relative to the folder of the path that was read. */
  readonly files: readonly OpenedFile[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What was changed on reading, one sentence each. */
  readonly notes: readonly string[];
  /** Of a SavedModel: the networks that can be chosen, by name, and the one that was. */
  readonly signatures?: readonly string[];
  readonly signature?: string;
  /** What such networks usually take, for where nobody says it. */
  readonly usual?: UsualInput;
}

export interface UsualInput {
  /** Height and width in pixels. */
  readonly size?: readonly [number, number];
  /** Name of a preset. */
  readonly preprocessing?: 'imagenet' | 'tf' | 'raw';
}

/** What a format's reader tells. */
type Content = Omit<Model, 'name' | 'format' | 'metadata'> &
  Partial<Pick<Model, 'format' | 'metadata'>>;

/**
 * Reads a model of any format, told by what the file holds and not by its name. A folder is read where it holds a
 * `saved_model.pb`, a `model.json` or a `model.safetensors`.
 * @param signature which network of a SavedModel; `serving_default` or the only one where it is not said
 * @throws GraphError when it is none, or cannot be audited
 */
export async function readModel(path: string, signature?: string): Promise<Model> {
  const found = main(path);
  const format = formatOf(found);
  if (signature !== undefined && format !== 'saved-model') {
    throw new GraphError(
      'ambiguous-output',
      `${printable(basename(path))} is no SavedModel, so it has no signature ${printable(signature)}; leave the signature out.`,
    );
  }
  const content = await readers[format](found, signature);
  const files = content.files.map((file) => ({
    ...file,
    path: join(folderIn(path, found), file.path),
  }));
  return { format, metadata: {}, ...content, name: nameOf(found), files };
}

type Reader = (path: string, signature?: string) => Content | Promise<Content>;

const readers: Readonly<Record<ModelFormat, Reader>> = {
  onnx: readOnnx,
  'tfjs-graph': readTfjs,
  'tfjs-layers': readTfjs,
  'saved-model': readSavedModel,
  'frozen-graph': readFrozenGraph,
  keras: readKeras,
  safetensors: readSafetensors,
};

function readTfjs(path: string): Content {
  const file = readTfjsFile(path);
  const { files } = file;
  if (file.kind === 'layers') {
    const { producer, notes, ...content } = readLayersModel(file);
    const programs = [producer, file.producer].filter((each) => each !== '').join(', ');
    const all = [...file.notes, ...notes];
    return { format: 'tfjs-layers', producer: programs, files, ...content, notes: all };
  }
  const { graph, notes } = readGraphModel(file);
  return { graph, producer: file.producer, files, notes: [...file.notes, ...notes] };
}

/** The file that stands for a model that is a folder. */
const MAIN_FILES = ['saved_model.pb', 'model.json', 'model.safetensors'];

function main(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const name = isFolder && MAIN_FILES.find((each) => existsSync(join(path, each)));
  if (name) return join(path, name);
  refuseShards(path);
  return path;
}

/** Where the model's own folder lies from the folder of the path that a person gave. */
const folderIn = (given: string, found: string): string =>
  given === found ? '' : basename(resolve(given));

/** A file that is called like every other of its kind is known by its folder. */
export function nameOf(path: string): string {
  const isCommon = MAIN_FILES.includes(basename(path));
  return isCommon ? basename(dirname(resolve(path))) : parse(path).name;
}

/** As much of a `model.json` as names one of its keys. */
const SNIFFED_BYTES = 4096;

/** What is no other format is left to the reader of ONNX, which tells what it is instead. */
function formatOf(path: string): ModelFormat {
  const head = headOf(path);
  if (isTfjs(path, head)) return 'tfjs-graph';
  if (head.startsWith('\x89HDF') || isKerasArchive(head)) return 'keras';
  // A header's length in eight bytes, then the header itself in JSON.
  if (/^....\0{4}\{/s.test(head)) return 'safetensors';
  if (basename(path) === 'saved_model.pb') return 'saved-model';
  // A SavedModel starts with its schema's version (field 1), which is 1, and a graph (field 2); no ONNX file is so old.
  if (head.startsWith('\x08\x01\x12') && path.endsWith('.pb')) return 'saved-model';
  // A GraphDef starts with a node (field 1, a message), an ONNX file with a version (field 1, a number).
  if (head.startsWith('\n') && path.endsWith('.pb')) return 'frozen-graph';
  return 'onnx';
}

/** JSON with keys of a `model.json`, or at least its ending: servers send errors as JSON, too. */
const isTfjs = (path: string, head: string): boolean =>
  /^\s*\{/.test(head) &&
  (/"(modelTopology|weightsManifest|format)"/.test(head) || path.toLowerCase().endsWith('.json'));

/** A ZIP archive that starts with a file that Keras puts into one. */
function isKerasArchive(head: string): boolean {
  return /^PK.{28}(metadata\.json|config\.json|model\.weights\.h5)/s.test(head);
}

/** First bytes of a regular file as Latin-1; nothing where it cannot be read. */
function headOf(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return '';
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(SNIFFED_BYTES);
    return head.toString('latin1', 0, readSync(file, head, 0, SNIFFED_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
