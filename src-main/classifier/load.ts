import { dirname, parse, resolve } from 'node:path';
import { GraphError } from '../graph/errors.ts';
import { findInput, type ImageInput } from '../graph/input.ts';
import type { Graph, TypedGraph } from '../graph/ir.ts';
import { findLogits, withLogits, type Logits } from '../graph/logits.ts';
import { readOnnx, type OnnxModel } from '../graph/onnx/read.ts';
import { specialise } from '../graph/specialise.ts';
import type { Classifier, ClassifierInput } from './classifier.ts';
import { ClassifierError } from './errors.ts';
import { fileRecord } from './files.ts';
import { embeddedLabels, readLabels, unnamed } from './labels.ts';
import { planar } from './planar.ts';
import {
  describeBy,
  inputSchema,
  preprocessingOf,
  PRESETS,
  type InputDescription,
} from './preprocessing.ts';
import { claimedHash, readSidecar, type Sidecar } from './sidecar.ts';
import { confined } from './text-file.ts';

export interface ClassifierOptions {
  /** A preset's name or the path of a JSON file; otherwise the sidecar's, or what the model file says. */
  readonly preprocessing?: string;
  /** Path of the labels: one a line, or JSON. */
  readonly labels?: string;
  /** Name of the model's output, or of another value, that holds the class scores. */
  readonly output?: string;
  /** Name of the model's input that takes the image. */
  readonly input?: string;
  /** Height and width where the model leaves them free, in pixels. */
  readonly size?: readonly [number, number];
}

/**
 * Reads a classifier file and understands it: input, logits, classes, preprocessing and labels, from the file itself,
 * from a sidecar `MODEL.json` beside it, and from the options, which come first.
 * @throws GraphError or ClassifierError with one sentence when it cannot be audited
 */
export async function loadClassifier(
  path: string,
  options: ClassifierOptions = {},
): Promise<Classifier> {
  return understand(path, await readOnnx(path), options);
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

/** What `loadClassifier` does with a file that is read already. */
export async function understand(
  path: string,
  model: OnnxModel,
  options: ClassifierOptions,
): Promise<Classifier> {
  const folder = dirname(resolve(path));
  const sidecar = readSidecar(path);
  const graph = onlyInput(model.graph, options.input);
  const image = findInput(graph);
  const described = descriptionOf(model, sidecar, image.channels, options);
  const size = sizeOfInput(image, described.description, options.size);
  const preprocessing = preprocessingOf(described.description, image.channels, size);
  const logits = logitsOf(graph, image, size, options.output ?? sidecar?.output?.name);
  const dims = [image.batch === 'free' ? 'batch' : image.batch, image.channels, ...size];
  const uniform = planar(withLogits(graph, logits), { ...image, order: preprocessing.order, dims });
  const input: ClassifierInput = {
    name: uniform.inputs[0].name,
    channels: image.channels,
    height: size[0],
    width: size[1],
    layout: image.layout,
    batch: image.batch === 'free' ? freedom(uniform, logits.classes) : image.batch,
  };
  const { labels, file } = labelsOf(model, sidecar, logits.classes, options.labels);
  const companions = [sidecar?.path, file].filter((each) => each !== undefined);
  const paths = [...model.files.map((each) => resolve(folder, each.path)), ...companions];
  const files = await Promise.all(paths.map((each) => fileRecord(folder, each)));
  return {
    name: sidecar?.name ?? parse(path).name,
    format: 'onnx',
    files,
    graph: uniform,
    logits: uniform.outputs[0],
    ...(logits.cut ? { cut: logits.cut } : {}),
    input,
    preprocessing,
    preprocessingFrom: described.from,
    labels,
    notes: [...model.notes, ...doubts(sidecar, files, image, described.description, size)],
  };
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
  model: OnnxModel,
  sidecar: Sidecar | undefined,
  channels: 1 | 3,
  options: ClassifierOptions,
): { description: InputDescription; from: string } {
  if (options.preprocessing !== undefined) return describeBy(options.preprocessing);
  if (sidecar?.input) return { description: sidecar.input, from: 'sidecar' };
  const isUltralytics = model.metadata.author === 'Ultralytics';
  if (isUltralytics) return { description: inputSchema.parse(PRESETS.unit), from: 'metadata' };
  const usual = channels === 3 ? 'imagenet' : 'unit';
  return { description: inputSchema.parse(PRESETS[usual]), from: `${usual} (assumed)` };
}

function sizeOfInput(
  { height, width }: ImageInput,
  { size: described }: InputDescription,
  wanted: readonly [number, number] | undefined,
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

function logitsOf(
  graph: Graph,
  { name, layout, channels, batch }: ImageInput,
  [height, width]: readonly [number, number],
  output: string | undefined,
): Logits {
  const count = batch === 'free' ? 1 : batch;
  const planes = [count, channels, height, width];
  const shape = layout === 'NCHW' ? planes : [count, height, width, channels];
  return findLogits(graph, { [name]: shape }, output);
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
  model: OnnxModel,
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

/** Where the sidecar and the model file disagree. */
function doubts(
  sidecar: Sidecar | undefined,
  [model]: Classifier['files'],
  image: ImageInput,
  { layout, size: described }: InputDescription,
  size: readonly [number, number],
): string[] {
  const claimed = sidecar && claimedHash(sidecar, model.path);
  const found: string[] = [];
  if (claimed !== undefined && claimed !== model.sha256) {
    found.push(
      `The sidecar describes another file: it states the SHA-256 ${claimed}, and ${model.path} has ${model.sha256}.`,
    );
  }
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
