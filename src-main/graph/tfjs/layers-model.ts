import { GraphError } from '../errors.ts';
import { buildKeras, type KerasContent } from '../keras/build.ts';
import { isRecord } from '../keras/config.ts';
import { NamedWeights } from '../keras/weights.ts';
import type { TfjsFile } from './manifest.ts';

/**
 * Builds the network of a LayersModel of TensorFlow.js, as TensorFlow.js itself would: where its layers differ from
 * Keras's of the same name, TensorFlow.js counts.
 * @throws GraphError naming the layer that is not known or does not fit
 */
export function readLayersModel({
  topology,
  weights,
}: TfjsFile): KerasContent & { producer: string; notes: readonly string[] } {
  const model = isRecord(topology.model_config) ? topology.model_config : topology;
  const version = versionOf(topology) || versionOf(model);
  const store = new NamedWeights(weights.keys(), (name) => {
    const weight = weights.get(name)!;
    if (weight.dtype === 'float32') return weight;
    throw new GraphError(
      'bad-graph',
      'The model has weights that are no floats; convert it again.',
    );
  });
  const isFirst = version.startsWith('1.');
  const dialect = { version: isFirst ? 1 : 2, isTfjs: true, isMirrored: false };
  return {
    ...buildKeras(model, store, dialect),
    producer: version && `Keras ${version}`,
    notes: [],
  };
}

function versionOf({ keras_version: version }: Readonly<Record<string, unknown>>): string {
  return typeof version === 'string' ? version : '';
}
