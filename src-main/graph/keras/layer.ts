import { GraphError } from '../errors.ts';
import { stridesOf, type Tensor } from '../ir.ts';
import { printable } from '../onnx/wording.ts';
import { view } from '../view.ts';
import { unsupportedForm } from './errors.ts';
import type { KerasNetwork, Value } from './network.ts';
import type { Settings } from './settings.ts';
import { missingWeights, type LayerPath, type Part, type WeightStore } from './weights.ts';

/** What wrote the model, as far as layers mean different things in it. */
export interface Dialect {
  /** Major version of Keras; TensorFlow.js speaks 2. */
  readonly version: number;
  readonly isTfjs: boolean;
  /** Keras 1 on Theano kept its kernels mirrored. */
  readonly isMirrored: boolean;
}

interface Given {
  readonly kind: string;
  readonly settings: Settings;
  readonly network: KerasNetwork;
  readonly path: LayerPath;
  readonly dialect: Dialect;
  /** Values by position; a plain number of Keras 3's operations is a value of rank 0. */
  readonly values: readonly Value[];
  readonly named: Readonly<Record<string, Value>>;
  readonly store: WeightStore;
}

/** A layer that is called: what it may ask and use. */
export class LayerCall {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  get kind(): string {
    return this.#given.kind;
  }

  get settings(): Settings {
    return this.#given.settings;
  }

  get network(): KerasNetwork {
    return this.#given.network;
  }

  get dialect(): Dialect {
    return this.#given.dialect;
  }

  get values(): readonly Value[] {
    return this.#given.values;
  }

  get named(): Readonly<Record<string, Value>> {
    return this.#given.named;
  }

  /** The same layer with other settings and values. */
  with(settings: Settings, values: readonly Value[]): LayerCall {
    return new LayerCall({ ...this.#given, settings, values });
  }

  /** The way to the layer, as nodes are named. */
  get module(): string {
    return this.#given.path.names.map((name) => name.replaceAll('/', '.')).join('/');
  }

  /** The only value, of one of these ranks. @throws GraphError */
  value(...ranks: readonly number[]): Value {
    const [value] = this.values;
    if (!value || this.values.length !== 1) throw this.refuse('is not called with one value');
    if (ranks.length === 0 || ranks.includes(value.rank)) return value;
    throw this.refuse(`is called with a value of ${value.rank} dimensions`);
  }

  /** The layer's weights, in the order of `roles`. @throws GraphError when one is missing */
  weights(roles: readonly string[], part?: Part): readonly Tensor[] {
    if (roles.length === 0) return [];
    const { store, path } = this.#given;
    const found = store.find(path, roles, part);
    if (!found) throw missingWeights(path, roles);
    return found;
  }

  /** The same where the file has them. */
  weightsIfAny(roles: readonly string[]): readonly Tensor[] | undefined {
    return this.#given.store.find(this.#given.path, roles);
  }

  refuse(reason: string): GraphError {
    return unsupportedForm(`${this.settings.layer} (${this.kind})`, reason);
  }
}

/** Adds the operators of a layer and gives its outputs. */
export type Layer = (call: LayerCall) => Value;

/** A weight with its axes in another order. @throws GraphError `bad-shape` when it has not that many */
export function permuted(weight: Tensor, perm: readonly number[], name: string): Tensor {
  if (weight.dims.length !== perm.length) {
    throw new GraphError(
      'bad-shape',
      `A weight of the layer ${printable(name)} has the shape [${weight.dims.join(', ')}], which does not fit it; the file is damaged.`,
    );
  }
  const strides = stridesOf(weight.dims);
  return view(
    weight,
    perm.map((axis) => weight.dims[axis]),
    perm.map((axis) => strides[axis]),
  );
}
