import { basename, dirname } from 'node:path';
import { GraphError } from '../errors.ts';
import type { Graph } from '../ir.ts';
import { ModelFolder } from '../model-folder.ts';
import type { OpenedFile } from '../folder-file.ts';
import { printable } from '../onnx/wording.ts';
import { inlineCalls } from '../tensorflow/functions.ts';
import type { Shape } from '../tensorflow/graph-def.ts';
import { graphOf } from '../tensorflow/read.ts';
import { Bundle } from './bundle.ts';
import { graphFromProto } from './graph.ts';
import { decode, type MetaGraph, type Signature } from './schema.ts';
import { shapeOf } from './tensor.ts';
import { restoredFrom, variableReader } from './variables.ts';

/** Protobuf's own limit (bytes). */
const MOST_BYTES = 2 ** 31;

export interface TensorFlowModel {
  readonly graph: Graph;
  readonly producer: string;
  readonly files: readonly OpenedFile[];
  readonly notes: readonly string[];
}

/**
 * Reads a SavedModel: its graph for serving, with the variables as constants. No operation is run.
 * @param path of `saved_model.pb`, beside which the folder `variables` lies
 * @throws GraphError `not-a-model`, `truncated`, `bad-graph`, `bad-external-data`, `unsupported-operator` or `too-large`
 */
export function readSavedModel(path: string): TensorFlowModel {
  const folder = new ModelFolder(dirname(path));
  const meta = servingGraph(decoded(path, readWhole(folder, path), 'SavedModel').metaGraphs);
  const [name, signature] = signatureOf(meta);
  const def = graphFromProto(meta.graph ?? { nodes: [] });
  const { nodes, resolve } = inlineCalls(def);
  let bundle: Bundle | undefined;
  const tensor = ({ name: output }: { name: string }): string => output.replace(/:0$/, '');
  const { graph, notes } = graphOf(
    { nodes, resolve },
    {
      weight: variableReader(restoredFrom(nodes), () => (bundle ??= new Bundle(folder))),
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
  };
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
  return folder.read(name, 0, size);
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

/** The one that is tagged for serving; the only one where none is. */
function servingGraph(graphs: readonly MetaGraph[]): MetaGraph {
  const serving = graphs.find(({ info }) => info?.tags.includes('serve')) ?? graphs[0];
  if (serving?.graph) return serving;
  throw new GraphError(
    'not-a-model',
    'The SavedModel holds no graph; it was cut off, or save it again with tf.saved_model.save.',
  );
}

const SERVING = 'serving_default';

/** `serving_default`, or the only signature that takes and gives anything. */
function signatureOf({ signatures }: MetaGraph): readonly [string, Signature] {
  const usable = signatures.flatMap(({ key, value }) =>
    value && value.inputs.length > 0 && value.outputs.length > 0 ? [[key, value] as const] : [],
  );
  const found = usable.find(([key]) => key === SERVING);
  if (found) return found;
  if (usable.length === 1) return usable[0];
  const names = usable.map(([key]) => printable(key)).join(', ');
  throw new GraphError(
    'ambiguous-output',
    usable.length === 0
      ? 'The SavedModel has no signature to call; save it with a serving signature.'
      : `The SavedModel has no signature ${SERVING}, but ${names}; save it with one of them as ${SERVING}.`,
  );
}
