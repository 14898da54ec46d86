import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GraphError, SignatureError } from '../errors.ts';
import { foreignContent } from '../foreign.ts';
import type { Graph } from '../ir.ts';
import { ModelFolder } from '../model-folder.ts';
import type { OpenedFile } from '../folder-file.ts';
import { printable } from '../onnx/wording.ts';
import { inlineCalls } from '../tensorflow/functions.ts';
import type { Shape } from '../tensorflow/graph-def.ts';
import { graphOf } from '../tensorflow/read.ts';
import { Bundle, BUNDLE_INDEX } from './bundle.ts';
import { graphFromProto } from './graph.ts';
import { decode, type MetaGraph, type Signature } from './schema.ts';
import { shapeOf } from './tensor.ts';
import { restoredFrom, variableReader } from './variables.ts';

/** Protobuf's own limit (bytes). */
const MOST_BYTES = 2 ** 31;

export interface TensorFlowModel {
  /** Of a SavedModel: those that can be called, by name. */
  readonly signatures?: readonly string[];
  /** The one of them that the graph is. */
  readonly signature?: string;
  readonly graph: Graph;
  readonly producer: string;
  readonly files: readonly OpenedFile[];
  readonly notes: readonly string[];
}

/**
 * Reads a SavedModel: its graph for serving, with the variables as constants. No operation is run.
 * @param path of `saved_model.pb`, beside which the folder `variables` lies
 * @param wanted name of the signature; `serving_default` or the only one where it is not said
 * @throws GraphError `not-a-model`, `truncated`, `bad-graph`, `bad-external-data`, `unsupported-operator` or `too-large`; SignatureError where there is no such signature, or one has to be chosen
 */
export function readSavedModel(path: string, wanted?: string): TensorFlowModel {
  const folder = new ModelFolder(dirname(path));
  const meta = servingGraph(decoded(path, readWhole(folder, path), 'SavedModel').metaGraphs);
  const signatures = signaturesOf(meta);
  const name = chosen([...signatures.keys()], wanted);
  const signature = signatures.get(name)!;
  const def = graphFromProto(meta.graph ?? { nodes: [] });
  const { nodes, resolve } = inlineCalls(def);
  let bundle: Bundle | undefined;
  const tensor = ({ name: output }: { name: string }): string => output.replace(/:0$/, '');
  const { graph, notes } = graphOf(
    { nodes, resolve },
    {
      weight: variableReader(restoredFrom(nodes), () => (bundle ??= bundleIn(folder, path))),
      inputs: new Map(
        signature.inputs.flatMap(({ value }): [string, Shape][] =>
          value ? [[tensor(value), shapeOf(value.shape)]] : [],
        ),
      ),
      outputs: signature.outputs.flatMap(({ value }) => (value ? [tensor(value)] : [])),
    },
  );
  const version = meta.info?.version ?? '';
  return {
    graph,
    producer: version === '' ? '' : `TensorFlow ${version}`,
    files: folder.files,
    notes: name === SERVING ? notes : [...notes, `The signature ${printable(name)} is used.`],
    ...{ signatures: [...signatures.keys()], signature: name },
  };
}

/** @throws GraphError where the variables are missing or damaged */
function bundleIn(folder: ModelFolder, path: string): Bundle {
  if (existsSync(join(dirname(path), BUNDLE_INDEX))) return new Bundle(folder);
  throw new GraphError(
    'bad-external-data',
    `${printable(basename(path))} is a part of a SavedModel, and the folder variables/ with its weights is not beside it; give the whole folder.`,
  );
}

/** Reads a frozen graph (`.pb`): a GraphDef whose variables are constants. @throws as `readSavedModel` */
export function readFrozenGraph(path: string): TensorFlowModel {
  const folder = new ModelFolder(dirname(path));
  const proto = decoded(path, readWhole(folder, path), 'GraphDef');
  if (proto.nodes.length === 0) throw notAModel(path);
  const { graph, notes } = graphOf(inlineCalls(graphFromProto(proto)), { weight: () => undefined });
  return { graph, producer: '', files: folder.files, notes };
}

function readWhole(folder: ModelFolder, path: string): Uint8Array {
  const name = basename(path);
  const size = folder.size(name);
  if (size > MOST_BYTES) {
    throw new GraphError('too-large', `${printable(name)} is larger than 2 GB.`);
  }
  const bytes = folder.read(name, 0, size);
  const other = foreignContent(name, bytes.subarray(0, 4096), () => bytes.subarray(-65536));
  if (other) throw new GraphError('not-a-model', `${printable(name)} is ${other}.`);
  return bytes;
}

function decoded<K extends 'SavedModel' | 'GraphDef'>(path: string, bytes: Uint8Array, kind: K) {
  try {
    return decode(kind, bytes);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    if (!(error instanceof RangeError)) throw notAModel(path, error);
    throw new GraphError(
      'truncated',
      `${printable(basename(path))} is cut off or damaged; fetch or export it again.`,
      { cause: error },
    );
  }
}

function notAModel(path: string, cause?: unknown): GraphError {
  return new GraphError(
    'not-a-model',
    `${printable(basename(path))} is no model of TensorFlow, or it is damaged.`,
    { cause },
  );
}

const SERVING = 'serving_default';

/** The tag of what is meant to be run; others (`gpu`, `tpu`, `train`) stand beside or in place of it. */
const SERVE = 'serve';

const tagsOf = ({ info }: MetaGraph): readonly string[] => info?.tags ?? [];

/**
 * The one that is tagged for serving, on any device before one for a certain one; the only one where none is tagged so.
 * @throws GraphError that names the tags where that does not tell
 */
function servingGraph(all: readonly MetaGraph[]): MetaGraph {
  const graphs = all.filter(({ graph }) => graph);
  const serving = graphs.filter((meta) => tagsOf(meta).includes(SERVE));
  const plain = serving.find((meta) => tagsOf(meta).length === 1);
  const found = plain ?? serving.at(0) ?? (graphs.length === 1 ? graphs[0] : undefined);
  if (found) return found;
  const tags = graphs
    .map((meta) => printable(tagsOf(meta).join('+') || 'without a tag'))
    .join(', ');
  throw new GraphError(
    'not-a-model',
    graphs.length === 0
      ? 'The SavedModel holds no graph; it was cut off, or save it again with tf.saved_model.save.'
      : `The SavedModel holds several graphs (${tags}) and none that is tagged ${SERVE}; save it again with that tag.`,
  );
}

/** Those that take and give something. */
function signaturesOf({ signatures }: MetaGraph): Map<string, Signature> {
  return new Map(
    signatures.flatMap(({ key, value }) =>
      value && value.inputs.length > 0 && value.outputs.length > 0 ? [[key, value] as const] : [],
    ),
  );
}

/** @throws SignatureError where there is no such one, or none is said and several could be meant */
function chosen(names: readonly string[], wanted: string | undefined): string {
  const listed = names.map(printable).join(', ');
  if (names.length === 0) {
    throw new GraphError(
      'ambiguous-output',
      'The SavedModel has no signature to call; save it with a serving signature.',
    );
  }
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new SignatureError(
      `The SavedModel has no signature ${printable(wanted)}; it has ${listed}.`,
      names,
    );
  }
  if (names.includes(SERVING)) return SERVING;
  if (names.length === 1) return names[0];
  throw new SignatureError(
    `The SavedModel has several signatures and none is called ${SERVING}: ${listed}; say which one is the classifier (--signature).`,
    names,
  );
}
