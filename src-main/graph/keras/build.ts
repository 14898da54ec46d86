import { GraphError } from '../errors.ts';
import type { Graph, GraphInput } from '../ir.ts';
import {
  isModel,
  readModel,
  type Argument,
  type Call,
  type LayerDescription,
  type ModelDescription,
  type Reference,
} from './config.ts';
import { malformed, unknownLayer } from './errors.ts';
import { LayerCall, type Dialect } from './layer.ts';
import { layerOf } from './layers/index.ts';
import { KerasNetwork, type Value } from './network.ts';
import { Settings } from './settings.ts';
import type { LayerPath, WeightStore } from './weights.ts';

/** Models in models. */
const DEEPEST = 16;

/** A network, and what it takes where the network itself tells. */
export interface KerasContent {
  readonly graph: Graph;
  readonly usual: { readonly preprocessing?: 'raw' };
}

/**
 * Builds the network that a Keras configuration describes.
 * @param json the configuration: `{class_name, config}`
 * @throws GraphError naming the layer that is not known or does not fit
 */
export function buildKeras(json: unknown, store: WeightStore, dialect: Dialect): KerasContent {
  const model = readModel(json);
  const builder = new ModelBuilder(store, dialect);
  const outputs = builder.build(model, { names: [], counted: [] });
  const { network } = builder;
  const plain = outputs.map((value) => network.plain('output', value).name);
  if (plain.length === 0) throw malformed('the model has no output');
  return {
    graph: network.draft.graph(model.name, network.inputs, plain),
    usual: network.isScaling ? { preprocessing: 'raw' } : {},
  };
}

class ModelBuilder {
  readonly network = new KerasNetwork();
  readonly #store: WeightStore;
  readonly #dialect: Dialect;

  constructor(store: WeightStore, dialect: Dialect) {
    this.#store = store;
    this.#dialect = dialect;
  }

  /** @param given values for the model's inputs, where it stands in another model */
  build(model: ModelDescription, path: LayerPath, given?: readonly Value[]): Value[] {
    if (path.names.length > DEEPEST) {
      throw new GraphError('too-large', 'The model is nested too deeply; it is damaged.');
    }
    const paths = pathsOf(model.layers, path);
    return model.ends
      ? this.#functional(model, model.ends, paths, given)
      : [this.#sequential(model.layers, paths, given)];
  }

  #sequential(
    layers: readonly LayerDescription[],
    paths: readonly LayerPath[],
    given?: readonly Value[],
  ): Value {
    let value = given?.[0];
    layers.forEach((layer, i) => {
      if (!value && !isModel(layer.kind)) value = this.#input(layer);
      if (layer.kind === 'InputLayer') return;
      [value] = this.#apply(layer, paths[i], value ? [value] : [], {});
    });
    if (!value) throw malformed('a model has no layers');
    return value;
  }

  #functional(
    { layers }: ModelDescription,
    { inputs, outputs }: NonNullable<ModelDescription['ends']>,
    paths: readonly LayerPath[],
    given?: readonly Value[],
  ): Value[] {
    const values = new Values();
    const byName = new Map(layers.map((layer, i) => [layer.name, { layer, path: paths[i] }]));
    inputs.forEach((input, i) => {
      const found = byName.get(input.layer);
      if (!found) throw malformed(`the input ${input.layer} is no layer`);
      values.set(found.layer.name, 0, [given?.[i] ?? this.#input(found.layer)]);
    });
    for (const { layer, path, call, index } of inOrder(byName, outputs)) {
      if (values.has(layer.name, index)) continue;
      const args = call.args.map((argument) => this.#argument(argument, values, layer));
      const named = Object.entries(call.named).map(
        ([name, argument]) => [name, this.#argument(argument, values, layer)] as const,
      );
      values.set(layer.name, index, this.#apply(layer, path, args, Object.fromEntries(named)));
    }
    return outputs.map((output) => values.get(output));
  }

  #argument(argument: Argument, values: Values, { name }: LayerDescription): Value {
    if (typeof argument !== 'number') return values.get(argument);
    return { name: this.network.scalar(name, argument), rank: 0, isTurned: false };
  }

  #apply(
    { kind, name, config }: LayerDescription,
    path: LayerPath,
    values: readonly Value[],
    named: Readonly<Record<string, Value>>,
  ): Value[] {
    if (isModel(kind)) {
      const inputs = values.length > 0 ? values : undefined;
      return this.build(readModel({ class_name: kind, config }), path, inputs);
    }
    const layer = layerOf(kind);
    if (!layer) throw unknownLayer(kind, name);
    const settings = new Settings(name, config);
    const [network, store, dialect] = [this.network, this.#store, this.#dialect];
    const call = new LayerCall({ kind, settings, network, path, dialect, values, named, store });
    return [layer(call)];
  }

  /** The model's own input, whose shape the layer states. */
  #input({ name, config }: LayerDescription): Value {
    const { batch_shape, batch_input_shape, build_input_shape, input_shape } = config;
    const rest = Array.isArray(input_shape) ? [null, ...(input_shape as unknown[])] : undefined;
    const shape = batch_shape ?? batch_input_shape ?? build_input_shape ?? rest;
    if (!Array.isArray(shape) || shape.length === 0 || shape.length > 8) {
      throw malformed(`the input ${name} has no shape`);
    }
    return this.network.input(
      name,
      shape.map((dim, i) => dimension(dim, i)),
    );
  }
}

function dimension(dim: unknown, axis: number): GraphInput['dims'][number] {
  if (dim === null || dim === undefined) return axis === 0 ? 'batch' : `dimension ${axis}`;
  if (Number.isInteger(dim) && (dim as number) > 0 && (dim as number) < 2 ** 31)
    return dim as number;
  throw malformed('the shape of an input is not possible');
}

/** Files of Keras 3 count the layers of a model by kind. */
function pathsOf(layers: readonly LayerDescription[], { names, counted }: LayerPath): LayerPath[] {
  const seen = new Map<string, number>();
  return layers.map(({ kind, name }) => {
    const kindName = snakeCase(kind === 'Model' ? 'Functional' : kind);
    const count = seen.get(kindName) ?? 0;
    seen.set(kindName, count + 1);
    const own = count === 0 ? kindName : `${kindName}_${count}`;
    return { names: [...names, name], counted: [...counted, own] };
  });
}

/** `GlobalAveragePooling2D` as `global_average_pooling2d` (keras/src/utils/naming.py). */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** What the calls of layers gave. */
class Values {
  readonly #calls = new Map<string, Value[][]>();

  has(layer: string, call: number): boolean {
    return this.#calls.get(layer)?.[call] !== undefined;
  }

  set(layer: string, call: number, outputs: Value[]): void {
    const calls = this.#calls.get(layer) ?? [];
    calls[call] = outputs;
    this.#calls.set(layer, calls);
  }

  /** Older files count the calls of a model in a model from 1. */
  get({ layer, call, output }: Reference): Value {
    const calls = this.#calls.get(layer) ?? [];
    const value = (calls[call] ?? (calls.length === 1 ? calls[0] : undefined))?.[output];
    if (!value) throw malformed(`nothing makes output ${output} of ${layer}`);
    return value;
  }
}

interface Step {
  readonly layer: LayerDescription;
  readonly path: LayerPath;
  readonly call: Call;
  readonly index: number;
}

/** The calls that the outputs need, each after those that it needs itself. @throws GraphError where they form a circle */
function inOrder(
  byName: ReadonlyMap<string, { layer: LayerDescription; path: LayerPath }>,
  outputs: readonly Reference[],
): Step[] {
  const steps: Step[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A list in place of recursion: chains of layers are as long as the file says.
  const pending: (Reference | { readonly key: string; readonly step: Step })[] = [...outputs];
  while (pending.length > 0) {
    const top = pending.pop()!;
    if ('step' in top) {
      state.set(top.key, 'done');
      steps.push(top.step);
      continue;
    }
    const step = stepOf(byName, top);
    if (!step) continue;
    const key = `${step.index} ${step.layer.name}`;
    if (state.get(key) === 'done') continue;
    if (state.get(key) === 'open') throw malformed(`the layer ${top.layer} needs itself`);
    state.set(key, 'open');
    pending.push({ key, step }, ...needsOf(step.call));
  }
  return steps;
}

function needsOf({ args, named }: Call): Reference[] {
  return [...args, ...Object.values(named)].filter((each) => typeof each !== 'number');
}

function stepOf(
  byName: ReadonlyMap<string, { layer: LayerDescription; path: LayerPath }>,
  { layer: name, call }: Reference,
): Step | undefined {
  const found = byName.get(name);
  if (!found) throw malformed(`the layer ${name} is missing`);
  const { calls } = found.layer;
  // An input is called by nobody.
  if (calls.length === 0) return undefined;
  const index = calls[call] || calls.length > 1 ? call : 0;
  if (!calls[index])
    throw malformed(`the layer ${name} is called less often than its values are used`);
  return { ...found, call: calls[index], index };
}
