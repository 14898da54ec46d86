import type { FoundModel, ImageSetInspection, Inspection } from '../../api/model.ts';
import type { ModelRequest } from '../../api/request.ts';
import { ClassifierError } from '../../classifier/errors.ts';
import { inspect, type Inspection as Found } from '../../classifier/inspect.ts';
import { loadClassifier } from '../../classifier/load.ts';
import { GraphError, SignatureError } from '../../graph/errors.ts';
import { imageSet } from '../../photograph/image-set.ts';
import { rowSet } from '../../photograph/rows.ts';
import { describedFeature } from '../../report/features.ts';

/** What a model file holds; where it holds none, why. */
export async function inspectModel({ path, ...options }: ModelRequest): Promise<Inspection> {
  try {
    const found = await inspect(path, options);
    const signatures = found.signatures && [...found.signatures];
    return { path, found: foundOf(found), signatures, problem: found.problem };
  } catch (error) {
    if (!(error instanceof GraphError || error instanceof ClassifierError)) throw error;
    const signatures = error instanceof SignatureError ? [...error.signatures] : undefined;
    return { path, signatures, problem: error.message };
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
  columns: columnsOf(found),
  classifier: classifierOf(found),
});

/** Of an input of two dimensions, [rows, columns]. */
function columnsOf({ inputs }: Found): number | null | undefined {
  const [columns] = inputs.length === 1 ? inputs[0].dims.slice(1) : [];
  if (columns === undefined || inputs[0].dims.length !== 2) return undefined;
  return typeof columns === 'number' && columns > 0 ? columns : null;
}

function classifierOf({ classifier, layers }: Found): FoundModel['classifier'] {
  if (!classifier) return undefined;
  const { input, logits, cut, labels, preprocessing, preprocessingFrom, features } = classifier;
  const { channels, height, width, layout, batch } = input;
  const counts = Object.entries(layers ?? {}).map(([set, list]) => [set, list.length]);
  return {
    ...{ channels, height, width, layout, batch, logits, cut, preprocessingFrom },
    labels: [...labels],
    features: features?.map(describedFeature),
    preprocessing: {
      ...preprocessing,
      mean: [...preprocessing.mean],
      std: [...preprocessing.std],
    },
    layers: Object.fromEntries(counts) as Record<string, number>,
  };
}

/**
 * The photographs in a folder, or rows in a file, that a model has classes for.
 * @throws GraphError, ClassifierError or PhotographError in one sentence
 */
export async function inspectImageSet(
  path: string,
  { path: modelPath, ...options }: ModelRequest,
): Promise<ImageSetInspection> {
  const { labels, features } = await loadClassifier(modelPath, options);
  const found = features ? rowSet(path, { labels, features }) : await imageSet(path, { labels });
  const { fingerprint, classes, skipped, unmatched } = found;
  return {
    path,
    fingerprint,
    images: classes.reduce((sum, { files }) => sum + files.length, 0),
    classes: classes.map(({ index, label, files }) => ({ index, label, images: files.length })),
    skipped: [...skipped],
    unmatched: [...unmatched],
  };
}
