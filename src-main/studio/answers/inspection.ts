import type { FoundModel, ImageSetInspection, Inspection } from '../../api/model.ts';
import type { ModelRequest } from '../../api/request.ts';
import { ClassifierError } from '../../classifier/errors.ts';
import { inspect, type Inspection as Found } from '../../classifier/inspect.ts';
import { loadClassifier } from '../../classifier/load.ts';
import { GraphError } from '../../graph/errors.ts';
import { imageSet } from '../../photograph/image-set.ts';

/** What a model file holds; where it holds none, why. */
export async function inspectModel({ path, ...options }: ModelRequest): Promise<Inspection> {
  try {
    const found = await inspect(path, options);
    return { path, found: foundOf(found), problem: found.problem };
  } catch (error) {
    if (!(error instanceof GraphError || error instanceof ClassifierError)) throw error;
    return { path, problem: error.message };
  }
}

const foundOf = (found: Found): FoundModel => ({
  name: found.name,
  format: found.format,
  opset: found.opset,
  producer: found.producer,
  files: [...found.files],
  inputs: found.inputs.map(({ name, dtype, dims }) => ({ name, dtype, dims: [...dims] })),
  outputs: [...found.outputs],
  parameters: found.parameters,
  operators: [...found.operators],
  unsupported: [...found.unsupported],
  notes: [...found.notes],
  classifier: classifierOf(found),
});

function classifierOf({ classifier, layers }: Found): FoundModel['classifier'] {
  if (!classifier) return undefined;
  const { input, logits, cut, labels, preprocessing, preprocessingFrom } = classifier;
  const { channels, height, width, layout, batch } = input;
  const counts = Object.entries(layers ?? {}).map(([set, list]) => [set, list.length]);
  return {
    ...{ channels, height, width, layout, batch, logits, cut, preprocessingFrom },
    labels: [...labels],
    preprocessing: {
      ...preprocessing,
      mean: [...preprocessing.mean],
      std: [...preprocessing.std],
    },
    layers: Object.fromEntries(counts) as Record<string, number>,
  };
}

/**
 * The photographs in a folder that a model has classes for.
 * @throws GraphError, ClassifierError or PhotographError in one sentence
 */
export async function inspectImageSet(
  path: string,
  { path: modelPath, ...options }: ModelRequest,
): Promise<ImageSetInspection> {
  const { labels } = await loadClassifier(modelPath, options);
  const { fingerprint, classes, skipped, unmatched } = await imageSet(path, { labels });
  return {
    path,
    fingerprint,
    images: classes.reduce((sum, { files }) => sum + files.length, 0),
    classes: classes.map(({ index, label, files }) => ({ index, label, images: files.length })),
    skipped: [...skipped],
    unmatched: [...unmatched],
  };
}
