import { z } from 'zod';
import { GraphError } from '../errors.ts';
import { malformed, unknownLayer } from './errors.ts';

/** An output of a layer in one of its calls. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** What a layer is called with: values of the network, and plain numbers. */
export type Argument = Reference | number;

export interface LayerDescription {
  readonly kind: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Every call of the layer, with its arguments by position, those that are named in `named`. */
  readonly calls: readonly Call[];
}

export interface Call {
  readonly args: readonly Argument[];
  readonly named: Readonly<Record<string, Argument>>;
}

export interface ModelDescription {
  readonly name: string;
  readonly layers: readonly LayerDescription[];
  /** `undefined` for a Sequential model, whose layers follow one another. */
  readonly ends?: { readonly inputs: readonly Reference[]; readonly outputs: readonly Reference[] };
}

const MOST_LAYERS = 20_000;
const layerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  inbound_nodes: z.array(z.unknown()).optional(),
  registered_name: z.string().nullish(),
  module: z.string().nullish(),
});
const modelSchema = z.object({
  class_name: z.string(),
  config: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]),
  registered_name: z.string().nullish(),
});

const MODELS = new Set(['Sequential', 'Functional', 'Model']);

export const isModel = (kind: string): boolean => MODELS.has(kind);

/**
 * Reads the configuration of a model as Keras 1, 2 or 3 or TensorFlow.js writes it. It is data: nothing that it names
 * is looked up, let alone run.
 * @throws GraphError `bad-graph`, `too-large` or `unsupported-operator`
 */
export function readModel(json: unknown): ModelDescription {
  const parsed = modelSchema.safeParse(json);
  if (!parsed.success) throw malformed('it describes no model');
  const { class_name: kind, config } = parsed.data;
  if (!isModel(kind)) throw unknownLayer(kind, 'the model itself');
  const settings = Array.isArray(config) ? { layers: config } : config;
  const layers = z.array(layerSchema).safeParse(settings.layers);
  if (!layers.success) throw malformed('its layers are missing or not well formed');
  if (layers.data.length > MOST_LAYERS) {
    throw new GraphError('too-large', 'The model has more layers than any classifier.');
  }
  const name = typeof settings.name === 'string' ? settings.name : 'model';
  const described = layers.data.map(describe);
  if (kind === 'Sequential') return { name, layers: described };
  const ends = {
    inputs: references(settings.input_layers, 'input_layers'),
    outputs: references(settings.output_layers, 'output_layers'),
  };
  return { name, layers: described, ends };
}

function describe(
  {
    class_name,
    name,
    config = {},
    inbound_nodes = [],
    registered_name,
    module,
  }: z.infer<typeof layerSchema>,
  index: number,
): LayerDescription {
  const own = config.name;
  const known = name ?? (typeof own === 'string' ? own : `layer_${index}`);
  const isCustom = registered_name?.includes('>') && !registered_name.startsWith('keras');
  if (isCustom || (module && !/^(keras|tensorflow|tf_keras|builtins)(\.|$)/.test(module))) {
    throw unknownLayer(registered_name ?? class_name, known);
  }
  return { kind: class_name, name: known, config, calls: inbound_nodes.map(callOf) };
}

/** Keras 3 writes `{args, kwargs}`; Keras 1 and 2 a list of `[layer, call, output, named]`. */
function callOf(node: unknown): Call {
  if (isRecord(node)) {
    const named = isRecord(node.kwargs) ? node.kwargs : {};
    return { args: collect(node.args, 0), named: namedArguments(named) };
  }
  if (!Array.isArray(node)) throw malformed('a connection between layers is not well formed');
  // A single connection may stand without the list around it.
  const entries: unknown[] = typeof node[0] === 'string' ? [node] : node;
  const named = entries.flatMap((entry) =>
    Array.isArray(entry) && isRecord(entry[3]) ? [entry[3]] : [],
  );
  return {
    args: entries.map(legacyReference),
    named: namedArguments(Object.assign({}, ...named) as Record<string, unknown>),
  };
}

/** Named arguments that are values of the network; the rest are settings of no account here, such as `training`. */
function namedArguments(named: Readonly<Record<string, unknown>>): Record<string, Argument> {
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => {
      const found = argumentOf(value);
      return found === undefined || typeof found === 'number' ? [] : [[name, found]];
    }),
  );
}

function collect(value: unknown, depth: number): Argument[] {
  if (depth > 4) throw malformed('a connection between layers is nested too deeply');
  const found = argumentOf(value);
  if (found !== undefined) return [found];
  return Array.isArray(value) ? value.flatMap((each) => collect(each, depth + 1)) : [];
}

function argumentOf(value: unknown): Argument | undefined {
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && value.length >= 3 && typeof value[0] === 'string') {
    return legacyReference(value);
  }
  if (!isRecord(value) || value.class_name !== '__keras_tensor__') return undefined;
  const { config } = value;
  return legacyReference(isRecord(config) ? config.keras_history : undefined);
}

/** `[layer, call, output]`. */
function legacyReference(entry: unknown): Reference {
  const [layer, call, output] = Array.isArray(entry) ? (entry as unknown[]) : [];
  if (typeof layer === 'string' && isIndex(call) && isIndex(output)) return { layer, call, output };
  throw malformed('a connection between layers is not well formed');
}

function references(value: unknown, what: string): Reference[] {
  if (isRecord(value)) return references(Object.values(value), what);
  if (!Array.isArray(value) || value.length === 0) throw malformed(`${what} is missing`);
  if (typeof value[0] === 'string') return [legacyReference(value)];
  return value.map(legacyReference);
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
