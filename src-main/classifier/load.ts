import { dirname, parse, resolve } from 'node:path';
import { GraphError } from '../graph/errors.ts';
import {
  findInput,
  findRows,
  type ImageInput as Image,
  type RowInput as Rows,
} from '../graph/input.ts';
import type { Graph, TypedGraph } from '../graph/ir.ts';
import { findLogits, withLogits, type Logits } from '../graph/logits.ts';
import { readModel, type Model } from '../graph/read.ts';
import { specialise } from '../graph/specialise.ts';
import type { Classifier, ImageInput, Preprocessing, RowInput } from './classifier.ts';
import { ClassifierError } from './errors.ts';
import { readFeatureFile, readFeatures, type Columns, type Feature } from './features.ts';
import { fileRecord } from './files.ts';
import { embeddedLabels, readLabels, unnamed } from './labels.ts';
import { planar, planarRows } from './planar.ts';
import {
  describeBy,
  inputSchema,
  preprocessingOf,
  PRESETS,
  type InputDescription,
} from './preprocessing.ts';
import { claimedHash, readSidecar, type Sidecar } from './sidecar.ts';
import { confined } from './text-file.ts';
import { twoSided } from './two-sided.ts';

export interface ClassifierOptions {
  /** A preset's name or the path of a JSON file; otherwise the sidecar's, or what the model file says. */
  readonly preprocessing?: string;
  /** Path of the labels: one a line, or JSON. */
  readonly labels?: string;
  /** Name of the model's output, or of another value, that holds the class scores. */
  readonly output?: string;
  /** Which network of a SavedModel, where it has several and none is called `serving_default`. */
  readonly signature?: string;
  /** Name of the model's input that takes the image. */
  readonly input?: string;
  /** Height and width where the model leaves them free, in pixels. */
  readonly size?: readonly [number, number];
  /** Path of what is known of the features of a table, JSON or CSV; otherwise the sidecar's. */
  readonly features?: string;
}

/**
 * Reads a classifier file and understands it: input, logits, classes, preprocessing and labels, from the file itself,
 * from a sidecar beside it, and from the options, which come first.
 * @throws GraphError or ClassifierError with one sentence when it cannot be audited
 */
export async function loadClassifier(
  path: string,
  options: ClassifierOptions = {},
): Promise<Classifier> {
  return understand(path, await readModel(path, signatureOf(path, options)), options);
}

/** The signature that options or the sidecar name; what is wrong with a sidecar is told when it is understood. */
export function signatureOf(path: string, { signature }: ClassifierOptions): string | undefined {
  if (signature !== undefined) return signature;
  try {
    return readSidecar(path)?.signature;
  } catch (error) {
    if (error instanceof ClassifierError) return undefined;
    throw error;
  }
}

/** The classifier with a fixed number of images, every value typed. @throws ClassifierError when it takes another. */
export function specialiseClassifier(
  { name, graph, input }: Classifier,
  batch: number,
  outputs?: readonly string[],
): TypedGraph {
  if (input.batch !== 'free' && input.batch !== batch) {
    throw new ClassifierError(
      `The model ${name} takes ${input.batch} image${input.batch === 1 ? '' : 's'} at a time, not ${batch}.`,
    );
  }
  const shape = [batch, input.channels, input.height, input.width];
  return specialise(graph, { [input.name]: shape }, outputs);
}

/** What a file says of its input, and what it is fed. */
interface Fed {
  readonly graph: Graph;
  readonly logits: Logits;
  readonly input: Omit<ImageInput, 'batch'> | Omit<RowInput, 'batch'>;
  readonly batch: number | 'free';
  readonly preprocessing: Preprocessing;
  readonly from: string;
  readonly features?: readonly Feature[];
  /** Files beside the model that say so. */
  readonly files: readonly string[];
  /** Where description and model disagree. */
  readonly doubts: readonly string[];
}

/** What `loadClassifier` does with a file that is read already. */
export async function understand(
  path: string,
  model: Model,
  options: ClassifierOptions,
): Promise<Classifier> {
  const folder = dirname(resolve(path));
  const sidecar = readSidecar(path);
  const graph = onlyInput(model.graph, options.input);
  const rows = findRows(graph);
  const fed = rows
    ? fedRows(graph, rows, path, sidecar, options)
    : fedImages(graph, model, sidecar, options);
  const { logits } = fed;
  const sided = twoSided(fed.graph, logits);
  const batch = fed.batch === 'free' ? freedom(sided.graph, sided.classes) : fed.batch;
  const { labels, file } = labelsOf(model, sidecar, sided.classes, options.labels);
  const companions = [sidecar?.path, ...fed.files, file].filter((each) => each !== undefined);
  const paths = [...model.files.map((each) => resolve(folder, each.path)), ...companions];
  const files = await Promise.all(paths.map((each) => fileRecord(folder, each)));
  return {
    name: sidecar?.name ?? model.name,
    format: model.format,
    ...(model.signature !== undefined && { signature: model.signature }),
    files,
    graph: sided.graph,
    logits: sided.graph.outputs[0],
    ...(logits.cut ? { cut: logits.cut } : {}),
    input: { ...fed.input, batch },
    ...(fed.features && { features: fed.features }),
    preprocessing: fed.preprocessing,
    preprocessingFrom: fed.from,
    labels,
    notes: [...model.notes, ...sided.notes, ...otherFile(sidecar, files), ...fed.doubts],
  };
}

function fedImages(
  graph: Graph,
  model: Model,
  sidecar: Sidecar | undefined,
  options: ClassifierOptions,
): Fed {
  const image = findInput(graph);
  const { layout, channels, batch } = image;
  const { description, from } = descriptionOf(model, sidecar, channels, options);
  const size = sizeOfInput(image, options.size, description.size ?? model.usual?.size);
  const preprocessing = preprocessingOf(description, channels, size);
  const planes = [channels, ...size];
  const shape = layout === 'NCHW' ? planes : [...size, channels];
  const logits = logitsOf(graph, image, shape, options.output ?? sidecar?.output?.name);
  const dims = [dimOf(batch), ...planes];
  const uniform = planar(withLogits(graph, logits), { ...image, order: preprocessing.order, dims });
  const [height, width] = size;
  return {
    ...{ graph: uniform, logits, batch, preprocessing, from, files: [] },
    input: { name: uniform.inputs[0].name, channels, height, width, layout },
    doubts: doubts(image, description, size),
  };
}

function fedRows(
  graph: Graph,
  rows: Rows,
  path: string,
  sidecar: Sidecar | undefined,
  options: ClassifierOptions,
): Fed {
  const { features, preprocessing, file } = columnsOf(rows, path, sidecar, options);
  const channels = preprocessing.mean.length;
  const logits = logitsOf(graph, rows, [channels], options.output ?? sidecar?.output?.name);
  const dims = [dimOf(rows.batch), channels, 1, 1];
  const uniform = planarRows(withLogits(graph, logits), rows.name, dims);
  return {
    ...{ graph: uniform, logits, batch: rows.batch, features, preprocessing },
    from: options.features === undefined ? 'sidecar' : 'file',
    input: { name: uniform.inputs[0].name, channels, height: 1, width: 1, layout: 'table' },
    files: file === undefined ? [] : [file],
    doubts: [],
  };
}

const dimOf = (batch: number | 'free'): number | string => (batch === 'free' ? 'batch' : batch);

/** The features that a file of their own or the sidecar describes. @throws ClassifierError where none does, or another table is described */
function columnsOf(
  { columns }: Rows,
  path: string,
  sidecar: Sidecar | undefined,
  { features: wanted }: ClassifierOptions,
): Columns {
  const beside = `${parse(path).name}.json`;
  if (wanted === undefined && !sidecar?.features)
    throw new ClassifierError(
      `The model takes rows of ${columns === 'free' ? 'any number of' : columns} features; say in ${beside} beside it, ` +
        'under "features", what each is called and between which bounds it lies, such as {"name": "age", "min": 18, "max": 90}.',
    );
  const found =
    wanted === undefined
      ? readFeatures(sidecar!.features!, dirname(sidecar!.path), sidecar!.path)
      : readFeatureFile(resolve(wanted));
  const described = found.preprocessing.mean.length;
  if (columns !== 'free' && columns !== described)
    throw new ClassifierError(
      `The model takes rows of ${columns} columns, but its features${wanted === undefined ? ` in ${beside}` : ''} fill ${described}.`,
    );
  return found;
}

/** The graph with one of its inputs alone, where a person names it. */
function onlyInput(graph: Graph, name: string | undefined): Graph {
  if (name === undefined) return graph;
  const inputs = graph.inputs.filter((input) => input.name === name);
  if (inputs.length === 0) {
    const names = graph.inputs.map((input) => input.name).join(', ');
    throw new ClassifierError(`The model has no input ${name}; it has ${names}.`);
  }
  return { ...graph, inputs };
}

/** Options, sidecar, the file's own word (Ultralytics takes 0–1), or what most classifiers want, in this order. */
function descriptionOf(
  model: Model,
  sidecar: Sidecar | undefined,
  channels: 1 | 3,
  options: ClassifierOptions,
): { description: InputDescription; from: string } {
  if (options.preprocessing !== undefined) return describeBy(options.preprocessing);
  if (sidecar?.input) return { description: sidecar.input, from: 'sidecar' };
  const isUltralytics = model.metadata.author === 'Ultralytics';
  if (isUltralytics) return { description: inputSchema.parse(PRESETS.unit), from: 'metadata' };
  const usual = model.usual?.preprocessing ?? (channels === 3 ? 'imagenet' : 'unit');
  return { description: inputSchema.parse(PRESETS[usual]), from: `${usual} (assumed)` };
}

function sizeOfInput(
  { height, width }: Image,
  wanted: readonly [number, number] | undefined,
  described: readonly [number, number] | undefined,
): [number, number] {
  const own = [height, width] as const;
  const size = own.map((side, i) => (side === 'free' ? (wanted ?? described)?.[i] : side));
  if (size[0] === undefined || size[1] === undefined) {
    throw new ClassifierError('The model takes images of any size; say which height and width.');
  }
  if (wanted && (wanted[0] !== size[0] || wanted[1] !== size[1])) {
    throw new ClassifierError(
      `The model takes images of ${size.join(' × ')} pixels, not ${wanted.join(' × ')}.`,
    );
  }
  return [size[0], size[1]];
}

/** @param shape of one image or row, as the file has it */
function logitsOf(
  graph: Graph,
  { name, batch }: Pick<Rows, 'name' | 'batch'>,
  shape: readonly number[],
  output: string | undefined,
): Logits {
  return findLogits(graph, { [name]: [batch === 'free' ? 1 : batch, ...shape] }, output);
}

/** Whether a batch that the file declares free really is: exporters bake a batch of 1 into reshapes. */
function freedom(graph: Graph, classes: number): 'free' | 1 {
  const [input] = graph.inputs;
  const [, ...image] = input.dims as number[];
  try {
    const typed = specialise(graph, { [input.name]: [2, ...image] });
    const [images, scores] = typed.types.get(graph.outputs[0])!.dims;
    return images === 2 && scores === classes ? 'free' : 1;
  } catch (error) {
    if (error instanceof GraphError) return 1;
    throw error;
  }
}

function labelsOf(
  model: Model,
  sidecar: Sidecar | undefined,
  classes: number,
  wanted: string | undefined,
): { labels: string[]; file?: string } {
  const named = sidecar?.labels;
  const beside = named && confined(dirname(sidecar.path), named, 'list of labels');
  const file = wanted ?? beside;
  if (file) return { labels: readLabels(file, classes), file: resolve(file) };
  return { labels: embeddedLabels(model.metadata, classes) ?? unnamed(classes) };
}

/** Whether the sidecar is another file's. */
function otherFile(sidecar: Sidecar | undefined, [model]: Classifier['files']): string[] {
  const claimed = sidecar && claimedHash(sidecar, model.path);
  if (claimed === undefined || claimed === model.sha256) return [];
  return [
    `The sidecar describes another file: it states the SHA-256 ${claimed}, and ${model.path} has ${model.sha256}.`,
  ];
}

/** Where the description and the model file disagree. */
function doubts(
  image: Image,
  { layout, size: described }: InputDescription,
  size: readonly [number, number],
): string[] {
  const found: string[] = [];
  if (layout !== undefined && layout !== image.layout) {
    found.push(`The description says ${layout}, but the model takes ${image.layout}.`);
  }
  if (described && (described[0] !== size[0] || described[1] !== size[1])) {
    found.push(
      `The description says ${described.join(' × ')} pixels, but ${size.join(' × ')} are used.`,
    );
  }
  return found;
}
