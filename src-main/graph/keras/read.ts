import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { GraphError } from '../errors.ts';
import type { OpenedFile } from '../folder-file.ts';
import { parseJson } from '../json.ts';
import { printable } from '../onnx/wording.ts';
import { readArchive } from './archive.ts';
import { buildKeras, type KerasContent } from './build.ts';
import { isRecord } from './config.ts';
import { malformed } from './errors.ts';
import { readHdf5 } from './hdf5.ts';
import { CountedWeights, GroupedWeights } from './stores.ts';

/** The library that reads them keeps a file in memory. */
const MOST_BYTES = 2 ** 31;

export interface KerasModel extends KerasContent {
  readonly producer: string;
  readonly files: readonly OpenedFile[];
  readonly notes: readonly string[];
}

/**
 * Reads a model that Keras saved: `.keras` of Keras 3 and late versions of 2, or `.h5` of Keras 1 to 3. A configuration
 * is data: no class that it names is loaded, and no code of a file ever runs.
 * @throws GraphError saying what is wrong with the file, or which layer is not known
 */
export async function readKeras(path: string): Promise<KerasModel> {
  const name = printable(basename(path));
  const { size } = statSync(path);
  if (size > MOST_BYTES) {
    throw new GraphError('too-large', `${name} is larger than 2 GB; convert the model to ONNX.`);
  }
  const isArchive = startsWith(path, 'PK');
  const { version, ...content } = isArchive ? await zipped(path, name) : await grouped(path, name);
  return {
    ...content,
    producer: `Keras ${version}`.trim(),
    files: [{ path: basename(path), bytes: size }],
    notes: [],
  };
}

type Content = KerasContent & { readonly version: string };

async function zipped(path: string, name: string): Promise<Content> {
  const members = await readArchive(path, name);
  const [config, weights] = [members.get('config.json'), members.get('model.weights.h5')];
  if (!config || !weights) {
    const missing = config ? 'model.weights.h5' : 'config.json';
    throw new GraphError(
      'not-a-model',
      `${name} is a ZIP archive without ${missing}, which a Keras model has; save the whole model again.`,
    );
  }
  const metadata = members.get('metadata.json');
  const stated = metadata ? parse(metadata) : {};
  const version = isRecord(stated) ? versionOf(stated.keras_version) : '';
  const model = parse(config);
  const store = new CountedWeights(await readHdf5(weights, name));
  const dialect = { version: majorOf(version, 3), isTfjs: false, isMirrored: false };
  return { ...buildKeras(model, store, dialect), version };
}

async function grouped(path: string, name: string): Promise<Content> {
  const content = await readHdf5(path, name);
  const config = content.texts.get('@model_config');
  if (typeof config !== 'string') {
    throw new GraphError(
      'not-a-model',
      `${name} holds weights without the network; save the whole model (model.save), not its weights alone.`,
    );
  }
  const stated = (key: string): string =>
    versionOf(content.texts.get(`@${key}`) ?? content.texts.get(`model_weights@${key}`));
  const version = stated('keras_version');
  // Keras did not say its version before 1.2.
  const dialect = {
    version: majorOf(version, 1),
    isTfjs: false,
    isMirrored: stated('backend') === 'theano',
  };
  const store = new GroupedWeights(content, 'model_weights');
  return { ...buildKeras(parse(Buffer.from(config)), store, dialect), version };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, 'The Keras configuration');
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw malformed('it is no JSON');
  }
}

const versionOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function majorOf(version: string, fallback: number): number {
  const major = Number.parseInt(version, 10);
  return Number.isNaN(major) ? fallback : major;
}

function startsWith(path: string, magic: string): boolean {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return false;
    const head = Buffer.alloc(magic.length);
    readSync(file, head, 0, head.length, 0);
    return head.toString('latin1') === magic;
  } finally {
    closeSync(file);
  }
}
