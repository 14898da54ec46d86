import { dirname, resolve } from 'node:path';
import { GraphError } from '../graph/errors.ts';
import type { Graph, GraphInput, Node } from '../graph/ir.ts';
import { sizeOf } from '../graph/ir.ts';
import { readModel, type ModelFormat } from '../graph/read.ts';
import { listUnsupported, type UnsupportedOperator } from '../graph/unsupported.ts';
import type { Classifier, ModelFile } from './classifier.ts';
import { ClassifierError } from './errors.ts';
import { fileRecord } from './files.ts';
import { LAYER_SETS, layersOf, type Layer, type LayerSet } from './layers.ts';
import { signatureOf, specialiseClassifier, understand, type ClassifierOptions } from './load.ts';

/** What is to know of a model file before it is audited. */
export interface Inspection {
  readonly name: string;
  readonly format: ModelFormat;
  /** Of ONNX alone. */
  readonly opset?: number;
  /** The program that wrote the file, as it says itself. */
  readonly producer: string;
  readonly files: readonly ModelFile[];
  /** Of a SavedModel: the networks that can be chosen. */
  readonly signatures?: readonly string[];
  /** As the file declares them. */
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  /** Number of floats that the file holds as weights. */
  readonly parameters: number;
  /** Operators at the canonical opset, the most frequent first. */
  readonly operators: readonly { readonly op: string; readonly count: number }[];
  readonly unsupported: readonly UnsupportedOperator[];
  /** The classifier and its layers, unless there is a problem. */
  readonly classifier?: Omit<Classifier, 'graph' | 'files' | 'name' | 'format' | 'notes'>;
  readonly layers?: Readonly<Record<LayerSet, readonly Layer[]>>;
  /** Why the model cannot be audited, in one sentence. */
  readonly problem?: string;
  readonly notes: readonly string[];
}

/**
 * Looks at a model file and reports what is understood of it, also where it cannot be audited.
 * @throws GraphError when the file is no model at all
 */
export async function inspect(path: string, options: ClassifierOptions = {}): Promise<Inspection> {
  const model = await readModel(path, signatureOf(path, options));
  const folder = dirname(resolve(path));
  const shared = {
    format: model.format,
    ...(model.opset === undefined ? {} : { opset: model.opset }),
    producer: model.producer,
    ...(model.signatures && { signatures: model.signatures }),
    inputs: model.graph.inputs,
    outputs: model.graph.outputs,
    parameters: parametersOf(model.graph),
    operators: operatorsOf(model.graph),
    unsupported: listUnsupported(model.graph),
  } as const;
  try {
    const { name, files, notes, graph, format, ...rest } = await understand(path, model, options);
    const layers = layersBySet({ name, files, notes, graph, format, ...rest });
    return { name, ...shared, files, classifier: rest, layers, notes };
  } catch (error) {
    if (!(error instanceof GraphError || error instanceof ClassifierError)) throw error;
    const records = model.files.map((file) => fileRecord(folder, resolve(folder, file.path)));
    const files = await Promise.all(records);
    return { name: model.name, ...shared, files, problem: error.message, notes: model.notes };
  }
}

function layersBySet(classifier: Classifier): Record<LayerSet, Layer[]> {
  const { batch } = classifier.input;
  const graph = specialiseClassifier(classifier, batch === 'free' ? 1 : batch);
  const sets = LAYER_SETS.map((set) => [set, layersOf(graph, set)] as const);
  return Object.fromEntries(sets) as Record<LayerSet, Layer[]>;
}

/** A graph and the branches in it. */
function graphsOf(graph: Graph): Graph[] {
  const branches = graph.nodes.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((attribute) =>
      attribute.kind === 'graph' ? graphsOf(attribute.value) : [],
    ),
  );
  return [graph, ...branches];
}

function parametersOf(graph: Graph): number {
  return graphsOf(graph)
    .flatMap(({ constants }) => [...constants.values()])
    .filter(({ dtype }) => dtype === 'float32')
    .reduce((sum, { dims }) => sum + sizeOf(dims), 0);
}

function operatorsOf(graph: Graph): { op: string; count: number }[] {
  const counts = new Map<string, number>();
  const nodes: Node[] = graphsOf(graph).flatMap((each) => [...each.nodes]);
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts]
    .map(([op, count]) => ({ op, count }))
    .sort((a, b) => b.count - a.count || (a.op < b.op ? -1 : 1));
}
