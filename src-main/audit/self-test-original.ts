import type { SelfCheck } from '../api/self-test.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { EngineError, type Engine } from '../engine/engine.ts';
import { runOriginal } from '../engine/native-original.ts';
import { portOf } from '../engine/port.ts';
import { GraphError } from '../graph/errors.ts';
import type { Graph, TypedGraph } from '../graph/ir.ts';
import { readOnnx } from '../graph/onnx/read.ts';
import { specialise } from '../graph/specialise.ts';
import { softmax } from '../similarity/entanglement.ts';
import { Forward, randomInput, relativeError } from './self-test-network.ts';

/** What we rewrite, fold and lower may round differently, but not more. */
const TOLERANCE = 1e-3;

/** onnxruntime's own run of the file against the graph that we made of it. */
export async function checkOriginal(
  classifier: Classifier,
  path: string,
  engine: Engine,
): Promise<SelfCheck> {
  const skip = (text: string): SelfCheck => ({ name: 'original', state: 'skipped', text });
  if (!path.toLowerCase().endsWith('.onnx'))
    return skip('Only ONNX files can be run as they are; this one is of another format.');
  try {
    const input = randomInput(classifier, 0);
    const theirs = await originalLogits(classifier, path, input);
    if (theirs === undefined)
      return skip('The file itself gives no class scores: Eidoscope reads them from within it.');
    const ours = behind(classifier, await oursOf(classifier, engine, input));
    return judge(relativeError(ours, theirs));
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof GraphError)) throw error;
    return skip(`The file cannot be run as it is: ${error.message}`);
  }
}

function judge(error: number): SelfCheck {
  const passed = error <= TOLERANCE;
  const size = Number.isFinite(error) ? error.toExponential(1) : 'not a number';
  const text = passed
    ? `onnxruntime computes from the file itself what Eidoscope computes; the largest difference is ${size} of the largest score.`
    : `onnxruntime computes something else from the file itself: the largest difference is ${size} of the largest score. Check preprocessing and output, or report it.`;
  return {
    ...{ name: 'original', state: passed ? 'passed' : 'failed', text },
    error: Number.isFinite(error) ? error : null,
  };
}

async function oursOf(
  classifier: Classifier,
  engine: Engine,
  input: Float32Array,
): Promise<Float32Array> {
  const forward = await Forward.open(classifier, engine);
  try {
    return await forward.logits(input);
  } finally {
    await forward.release();
  }
}

/** Our logits behind the operator that was cut off. */
function behind({ cut }: Classifier, logits: Float32Array): Float32Array {
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  if (cut === 'Softmax') return softmax(logits);
  if (cut === 'Sigmoid') return logits.map(sigmoid);
  return cut === 'LogSoftmax' ? softmax(logits).map(Math.log) : logits;
}

/** @returns [K], or nothing where no output of the file holds as many scores as there are classes */
async function originalLogits(
  classifier: Classifier,
  path: string,
  input: Float32Array,
): Promise<Float32Array | undefined> {
  const { graph } = await readOnnx(path);
  const [own] = graph.inputs.filter(({ dtype }) => dtype === 'float32');
  const batch = classifier.input.batch === 'free' ? 1 : classifier.input.batch;
  const dims = [batch, ...ownDims(classifier)];
  const typed = specialise(graph, { [own.name]: dims });
  const output = scoresOf(graph, typed, classifier, batch);
  if (output === undefined) return undefined;
  const image = ownLayout(classifier, input);
  const images = new Float32Array(batch * image.length);
  for (let i = 0; i < batch; i++) images.set(image, i * image.length);
  const ports = [{ name: own.name, dtype: own.dtype, dims }];
  const feeds = { [own.name]: images };
  const results = await runOriginal(path, ports, [portOf(typed, output)], feeds);
  return (results[output] as Float32Array).slice(0, classifier.labels.length);
}

/** The logits where they are an output, otherwise the only output of their size. */
function scoresOf(
  { outputs }: Graph,
  { types }: TypedGraph,
  { logits, cut, labels }: Classifier,
  batch: number,
): string | undefined {
  if (cut === undefined && outputs.includes(logits)) return logits;
  const fitting = outputs.filter((name) => {
    const type = types.get(name);
    const size = type?.dims.reduce((product, dim) => product * dim, 1);
    return type?.dtype === 'float32' && size === batch * labels.length;
  });
  return fitting.length === 1 && cut !== undefined ? fitting[0] : undefined;
}

function ownDims({ input }: Classifier): number[] {
  const { channels, height, width, layout } = input;
  if (layout === 'table') return [channels];
  return layout === 'NHWC' ? [height, width, channels] : [channels, height, width];
}

/** A planar RGB image as the file wants it. */
function ownLayout({ input, preprocessing }: Classifier, image: Float32Array): Float32Array {
  const { channels, height, width, layout } = input;
  const size = height * width;
  const from = (channel: number) =>
    preprocessing.order === 'BGR' ? channels - 1 - channel : channel;
  const out = new Float32Array(image.length);
  for (let channel = 0; channel < channels; channel++) {
    const plane = image.subarray(from(channel) * size, (from(channel) + 1) * size);
    const [start, stride] = layout === 'NHWC' ? [channel, channels] : [channel * size, 1];
    plane.forEach((value, i) => (out[start + i * stride] = value));
  }
  return out;
}
