import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { ClassifierError } from '../../../classifier/errors.ts';
import { findLogits, withLogits } from '../../../graph/logits.ts';
import { readModel } from '../../../graph/read.ts';
import type { Graph } from '../../../graph/ir.ts';
import { Objective } from '../../../prototype/objective.ts';
import { UsageError } from '../failure.ts';
import { writeResult } from '../output.ts';
import { openEngine, withEngineOptions, withExamples, type EngineOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EngineOptions {
  input: string;
  shape: number[];
  classes: number[];
  logits?: string;
  gradient?: string;
  output?: string;
  signature?: string;
}

/** `gradient`: the raw derivative, to hold against other programs; no preprocessing, the file's own layout. */
export function addGradient(program: Command, open: () => Terminal): Command {
  const command = program
    .command('gradient')
    .description('differentiate class logits by the raw input, summed over the batch')
    .argument('<model>', 'classifier file or folder')
    .requiredOption('--input <file>', 'float32, little-endian, row by row: what the network takes')
    .requiredOption('--shape <dims>', 'dimensions of the input, such as 2,3,224,224', positive)
    .requiredOption('--classes <indices>', 'one class for each image, or one for all', integers)
    .option('--logits <file>', 'write the logits [N, K] as float32')
    .option('--gradient <file>', 'write the gradient, in the shape of the input, as float32')
    .option('--output <name>', 'the output with the class scores, where there are several')
    .option('--signature <name>', 'which network of a SavedModel, where it has several');
  return withExamples(withEngineOptions(command), [
    'eidoscope gradient m.onnx --input x.bin --shape 2,3,64,64 --classes 3,5 --logits z.bin --gradient g.bin',
  ]).action(async (path: string, options: Options) => {
    await run(path, options, open());
  });
}

/** `3,5`; each number has few enough digits to be exact. */
function integers(text: string): number[] {
  if (/^\d{1,9}(,\d{1,9})*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('It must be whole numbers, separated by commas.');
}

function positive(text: string): number[] {
  const values = integers(text);
  if (values.every((value) => value > 0)) return values;
  throw new InvalidArgumentError('Every dimension must be at least 1.');
}

async function run(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { shape, classes } = options;
  const input = await readFloats(options.input, shape);
  const { graph } = await readModel(path, options.signature);
  const name = onlyFloatInput(graph, shape);
  const logits = findLogits(graph, { [name]: shape }, options.output);
  const engine = await openEngine(options);
  const objective = await Objective.compileGraph(
    withLogits(graph, logits),
    { [name]: shape },
    engine,
  );
  const weights = logitWeights(classes, shape[0], objective.classes);
  const result = await objective.run(input, weights, new Float32Array(shape[0]));
  await objective.release();
  if (options.logits) await writeResult(options.logits, bytesOf(result.logits));
  if (options.gradient) await writeResult(options.gradient, bytesOf(result.gradient));
  const chosen = Array.from({ length: shape[0] }, (_, i) => {
    const index = classes[i] ?? classes[0];
    return { class: index, logit: result.logits[i * objective.classes + index] };
  });
  const summary = {
    engine: engine.info,
    shape,
    classes: objective.classes,
    images: chosen,
    gradientMax: largest(result.gradient),
  };
  await terminal.result(summary, () => text(summary));
}

function text({
  images,
  gradientMax,
}: {
  images: { class: number; logit: number }[];
  gradientMax: number;
}): string {
  const lines = images.map(
    (each, i) => `image ${i}: logit ${each.logit.toPrecision(7)} of class ${each.class}`,
  );
  return [...lines, `largest gradient: ${gradientMax.toPrecision(7)}`].join('\n');
}

async function readFloats(path: string, shape: readonly number[]): Promise<Float32Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT'
        ? `The input ${path} does not exist; check the path.`
        : `The input ${path} cannot be read (${code}); check that it is a file, and its permissions.`,
    );
  });
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (bytes.length !== 4 * count) {
    throw new UsageError(
      `${path} has ${bytes.length} bytes, but the shape ${shape.join(' × ')} takes ${4 * count}; give float32 values.`,
    );
  }
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** The one input that takes the data. @throws UsageError when the shape does not fit what the file declares */
function onlyFloatInput(graph: Graph, shape: readonly number[]): string {
  const inputs = graph.inputs.filter(({ dtype }) => dtype === 'float32');
  const fits = inputs.find(
    ({ dims }) =>
      dims.length === shape.length &&
      dims.every((dim, axis) => typeof dim === 'string' || dim === shape[axis]),
  );
  if (fits) return fits.name;
  const declared = inputs.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(', ');
  throw new UsageError(
    `The shape [${shape.join(', ')}] fits no float input of the model; it has ${declared || 'none'}.`,
  );
}

function logitWeights(classes: readonly number[], images: number, count: number): Float32Array {
  if (classes.length !== 1 && classes.length !== images) {
    throw new UsageError(
      `There are ${images} images and ${classes.length} classes; name one class, or one for each.`,
    );
  }
  const weights = new Float32Array(images * count);
  for (let i = 0; i < images; i++) {
    const index = classes[i] ?? classes[0];
    if (index >= count)
      throw new ClassifierError(
        `There is no class ${index}; the model has the classes 0 to ${count - 1}.`,
      );
    weights[i * count + index] = 1;
  }
  return weights;
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
