import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { Tensor } from '../../src-main/graph/ir.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { uniform } from './random.ts';

export { layers, tf };

/** Gives every weight a number of its own; variances stay positive. */
export function fill(model: layers.LayersModel): layers.LayersModel {
  const values = model.weights.map(({ shape, name }, i) => {
    const isVariance = name.includes('variance');
    const low = isVariance ? 0.5 : -0.6;
    const { data } = uniform(shape as number[], low, isVariance ? 1.5 : 0.6, i + 1);
    return tf.tensor(data as Float32Array, shape as number[]);
  });
  // Weights of a model come with trainable ones first; each is set where it is.
  model.weights.forEach((weight, i) => weight.write(values[i]));
  return model;
}

/** The files of a LayersModel. */
export async function filesOf(
  model: layers.LayersModel,
): Promise<{ json: string; weights: Uint8Array }> {
  let saved: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler((artifacts) => {
    saved = artifacts;
    return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
  });
  await model.save(handler);
  const { modelTopology, weightSpecs, weightData, format, generatedBy } = saved!;
  const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const json = { format, generatedBy, modelTopology, weightsManifest: manifest };
  const bytes = tf.io.CompositeArrayBuffer.join(weightData);
  return { json: JSON.stringify(json), weights: new Uint8Array(bytes) };
}

/** A LayersModel from its files, as TensorFlow.js reads it. */
export async function load(path: string): Promise<layers.LayersModel> {
  const json = JSON.parse(readFileSync(path, 'utf8')) as tf.io.ModelJSON;
  const handler = await tf.io.getModelArtifactsForJSON(json, (manifest) => {
    const names = manifest.flatMap(({ paths }) => paths);
    const parts = names.map((name) => readFileSync(join(dirname(path), name)));
    const specs = manifest.flatMap(({ weights }) => weights);
    return Promise.resolve([specs, Uint8Array.from(Buffer.concat(parts)).buffer]);
  });
  return layers.loadLayersModel(tf.io.fromMemory(handler));
}

/** What TensorFlow.js computes. @param image [2, …] */
export function logitsOf(
  model: layers.LayersModel,
  image: Tensor,
): { shape: readonly number[]; data: Float32Array } {
  const scores = model.predict(inputOf(image)) as tf.Tensor;
  return { shape: scores.shape, data: scores.dataSync() as Float32Array };
}

/** Its gradient of logits[0, 0] + logits[1, 1]. */
export function gradientOf(model: layers.LayersModel, image: Tensor): Tensor {
  const chosen = (x: tf.Tensor): tf.Tensor => {
    const scores = model.apply(x, { training: false }) as tf.Tensor2D;
    const [, classes] = scores.shape;
    return tf.sum(tf.mul(scores, tf.oneHot(tf.tensor1d([0, 1], 'int32'), classes)));
  };
  const gradient = tf.grad(chosen)(inputOf(image));
  return floats(gradient.shape, gradient.dataSync());
}

const inputOf = ({ data, dims }: Tensor): tf.Tensor => tf.tensor(data as Float32Array, [...dims]);
