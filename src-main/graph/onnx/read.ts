import { basename } from 'node:path';
import { GraphError } from '../errors.ts';
import type { Graph } from '../ir.ts';
import { upgrade } from '../upgrade/upgrade.ts';
import { decode } from './decode.ts';
import type { OpenedFile } from '../folder-file.ts';
import { ExternalData } from './external.ts';
import { notAModel, readModelFile } from './file.ts';
import { inlineFunctions } from './functions.ts';
import { readGraph } from './graph.ts';
import type { GraphProto, ModelProto } from './schema.ts';
import { printable } from './wording.ts';

/** Operator sets that Eidoscope reads: from the first with numpy's broadcasting to onnxruntime 1.30's newest. */
const OLDEST_OPSET = 7;
const NEWEST_OPSET = 26;

export interface OnnxModel {
  /** At the canonical opset, whatever the file's is. */
  readonly graph: Graph;
  /** The file's opset. */
  readonly opset: number;
  /** Name and version of the program that wrote the file, as it says itself; may be empty. */
  readonly producer: string;
  /** The model file, then its data files; paths are relative to the model's folder. */
  readonly files: readonly OpenedFile[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What was changed on reading, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a classifier from an ONNX file: looks at what the file is, decodes it within fixed bounds, reads weights that
 * lie in the model's folder, inlines the model's own functions, and lifts every operator to the canonical opset.
 * Operators that Eidoscope does not know stay in the graph: `specialise` refuses them by name, `listUnsupported` lists
 * them.
 *
 * @param path of the `.onnx` file
 * @throws GraphError of any code but `no-gradient` and `ambiguous-output`
 */
// eslint-disable-next-line @typescript-eslint/require-await -- reading is synchronous today, and no caller may rely on it
export async function readOnnx(path: string): Promise<OnnxModel> {
  const bytes = readModelFile(path);
  const external = new ExternalData(path);
  const model = parseOnnx(bytes, basename(path), external);
  return { ...model, files: [{ path: basename(path), bytes: bytes.length }, ...external.files] };
}

/** Reads a model from its bytes. @param name of the file, for error sentences */
export function parseOnnx(
  bytes: Uint8Array,
  name: string,
  external: ExternalData,
): Omit<OnnxModel, 'files'> {
  const model = decodeModel(bytes, printable(name));
  const opset = opsetOf(model);
  const inlined = inlineFunctions(model.graph, model.functions, opset);
  const raw = readGraph(inlined, external);
  const upgraded = upgrade(raw.graph, opset, raw.ranks);
  return {
    graph: upgraded.graph,
    opset,
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])),
    notes: [...raw.notes, ...upgraded.notes],
  };
}

function decodeModel(bytes: Uint8Array, name: string): ModelProto & { graph: GraphProto } {
  const model = decodeBytes(bytes, name);
  const { graph } = model;
  if (!graph || model.opsetImport.length === 0) {
    throw notAModel(`${name} holds no ONNX network; it was cut off or is another kind of file.`);
  }
  if (graph.output.length === 0)
    throw notAModel(`${name} holds a network without outputs; export it again.`);
  return Object.assign(model, { graph });
}

function decodeBytes(bytes: Uint8Array, name: string): ModelProto {
  try {
    return decode('ModelProto', bytes);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    if (error instanceof RangeError) {
      throw new GraphError(
        'truncated',
        `${name} is cut off or damaged; fetch or export it again.`,
        { cause: error },
      );
    }
    throw new GraphError('not-a-model', `${name} is not an ONNX model, or it is damaged.`, {
      cause: error,
    });
  }
}

function opsetOf(model: ModelProto): number {
  const main = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = main?.version ?? 0;
  if (version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  const range = `Eidoscope reads ${OLDEST_OPSET} to ${NEWEST_OPSET}`;
  throw new GraphError(
    'unsupported-opset',
    version === 0
      ? 'The model does not say which ONNX operators it uses; export it again.'
      : `The model uses ONNX opset ${version}, and ${range}; export it with another opset_version.`,
  );
}
