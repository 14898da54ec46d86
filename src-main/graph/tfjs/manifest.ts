import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { GraphError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { Tensor } from '../ir.ts';
import { ModelFolder } from '../model-folder.ts';
import type { OpenedFile } from '../folder-file.ts';
import { printable } from '../onnx/wording.ts';
import { byteLength, decodeWeight, weightSchema, type WeightSpec } from './weights.ts';

/** The topology of the largest classifiers takes some megabytes; weights lie in other files (bytes). */
const MOST_BYTES = 2 ** 27;
const MOST_WEIGHTS = 2 ** 17;

const groupSchema = z.object({
  paths: z.array(z.string()),
  weights: z.array(weightSchema),
});

const text = z.string().catch('');

const modelSchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(groupSchema),
  format: z.string().optional(),
  generatedBy: text,
  convertedBy: text,
  signature: z.unknown().optional(),
  userDefinedMetadata: z.unknown().optional(),
});

/** A `model.json` of TensorFlow.js with its weights. */
export interface TfjsFile {
  /** `graph` for a converted TensorFlow graph, `layers` for a Keras model. */
  readonly kind: 'graph' | 'layers';
  /** A GraphDef as JSON, or a Keras configuration; not looked at yet. */
  readonly topology: Readonly<Record<string, unknown>>;
  /** Which nodes are inputs and outputs, where the file says so; not looked at yet. */
  readonly signature: unknown;
  readonly userDefinedMetadata: unknown;
  /** The programs that wrote the file, as it says itself; may be empty. */
  readonly producer: string;
  /** By the weight's name; quantised ones are multiplied out. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** The JSON file, then the weight files, by their paths in the model's folder. */
  readonly files: readonly OpenedFile[];
  /** What was changed on reading, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a `model.json` and the weight files that its `weightsManifest` lists. Shards of a group are one piece of bytes
 * that is cut into tensors (https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts). No byte of a
 * weight file is read before the sizes of all are known to fit.
 * @param path of the JSON file, whatever its name
 * @throws GraphError `not-a-model`, `bad-graph`, `bad-external-data` or `too-large`
 */
export function readTfjsFile(path: string): TfjsFile {
  const { size, json } = readJson(path);
  const model = modelSchema.safeParse(json);
  if (!model.success) throw malformed(path, model.error);
  const { modelTopology, weightsManifest, format, generatedBy, convertedBy } = model.data;
  const folder = new ModelFolder(dirname(path));
  const count = weightsManifest.reduce((sum, { weights }) => sum + weights.length, 0);
  if (count > MOST_WEIGHTS) {
    throw new GraphError('too-large', `${nameOf(path)} lists ${count} weights; it is damaged.`);
  }
  const weights = new Map<string, Tensor>();
  for (const group of weightsManifest) readGroup(group, folder, weights);
  return {
    kind: kindOf(format, modelTopology, path),
    topology: modelTopology,
    signature: model.data.signature,
    userDefinedMetadata: model.data.userDefinedMetadata,
    producer: [generatedBy, convertedBy].filter((each) => each !== '').join(', '),
    weights,
    files: [{ path: basename(path), bytes: size }, ...folder.files],
    notes: notesOf(weightsManifest.flatMap((group) => group.weights)),
  };
}

function readJson(path: string): { size: number; json: unknown } {
  const { size } = statSync(path);
  if (size > MOST_BYTES) {
    throw new GraphError(
      'too-large',
      `${nameOf(path)} is larger than 128 MB, which no model.json is.`,
    );
  }
  try {
    return { size, json: parseJson(readFileSync(path), nameOf(path)) };
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'truncated',
      `${nameOf(path)} is not valid JSON: it is cut off or damaged; fetch it again.`,
      { cause: error },
    );
  }
}

function malformed(path: string, { issues }: z.ZodError): GraphError {
  const where = issues[0].path.map(String).join('.');
  return new GraphError(
    'bad-graph',
    `${nameOf(path)} is no model of TensorFlow.js that Eidoscope reads: ${printable(where)} is missing or malformed; convert the model again.`,
  );
}

function readGroup(
  { paths, weights: specs }: z.infer<typeof groupSchema>,
  folder: ModelFolder,
  weights: Map<string, Tensor>,
): void {
  const sizes = specs.map(byteLength);
  const bytes = folder.join(
    paths,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  let at = 0;
  specs.forEach((spec, i) => {
    if (weights.has(spec.name)) {
      throw new GraphError(
        'bad-graph',
        `The model has two weights of the name ${printable(spec.name)}; it is damaged.`,
      );
    }
    weights.set(spec.name, decodeWeight(spec, bytes.slice(at, at + sizes[i]).buffer));
    at += sizes[i];
  });
}

/** Older files do not say their format, but a graph has nodes. */
function kindOf(
  format: string | undefined,
  topology: Readonly<Record<string, unknown>>,
  path: string,
): TfjsFile['kind'] {
  if (format === 'graph-model' || Array.isArray(topology.node)) return 'graph';
  const isKeras = 'model_config' in topology || 'class_name' in topology;
  if (format === 'layers-model' || isKeras) return 'layers';
  throw new GraphError(
    'not-a-model',
    `${nameOf(path)} holds neither a graph nor layers of TensorFlow.js; convert the model again.`,
  );
}

function notesOf(specs: readonly WeightSpec[]): string[] {
  const kinds = new Set(specs.flatMap(({ quantization }) => quantization?.dtype ?? []));
  return Array.from(
    kinds,
    (kind) => `The weights are stored as ${kind}; Eidoscope computes in float32.`,
  );
}

function nameOf(path: string): string {
  return printable(basename(path));
}
