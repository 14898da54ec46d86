import { attr } from '../attributes.ts';
import type { Draft } from '../draft.ts';
import type { Attributes } from '../ir.ts';
import { floats, ints } from '../tensor.ts';
import type { Weights } from './weights.ts';

export type Activation =
  'Relu' | 'Relu6' | 'HardSwish' | 'HardSigmoid' | 'Silu' | 'Sigmoid' | 'Gelu';

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/**
 * Layers of torch.nn, written as the operators that their documentation defines (https://pytorch.org/docs/stable/nn.html).
 * Each takes the module's dotted name, under which the file keeps its weights, and the value it is applied to.
 */
export class TorchNetwork {
  readonly #draft: Draft;
  readonly #weights: Weights;
  readonly #loaded = new Map<string, string>();

  constructor(draft: Draft, weights: Weights) {
    this.#draft = draft;
    this.#weights = weights;
  }

  /** Conv2d; kernel, channels and groups follow from the weights. */
  conv(module: string, value: string, { stride = 1, pad = 0, groups = 1 } = {}): string {
    const weight = `${module}.weight`;
    const [, , height, width] = this.#weights.ranked(weight, 4);
    return this.op('Conv', module, [value, this.#tensor(weight), ...this.#bias(module)], {
      kernel_shape: attr.ints([height, width]),
      strides: attr.ints([stride, stride]),
      pads: attr.ints([pad, pad, pad, pad]),
      group: attr.int(groups),
    });
  }

  /** BatchNorm2d outside training. */
  batchNorm(module: string, value: string, epsilon = 1e-5): string {
    const names = ['weight', 'bias', 'running_mean', 'running_var'];
    const inputs = names.map((name) => this.#tensor(`${module}.${name}`));
    return this.op('BatchNormalization', module, [value, ...inputs], {
      epsilon: attr.float(epsilon),
    });
  }

  /** LayerNorm over the last axis. */
  layerNorm(module: string, value: string, epsilon: number): string {
    const inputs = [value, this.#tensor(`${module}.weight`), this.#tensor(`${module}.bias`)];
    return this.op('LayerNormalization', module, inputs, {
      axis: attr.int(-1),
      epsilon: attr.float(epsilon),
    });
  }

  /** Linear on [N, features]. */
  linear(module: string, value: string): string {
    const weight = this.#tensor(`${module}.weight`);
    return this.op('Gemm', module, [value, weight, ...this.#bias(module)], {
      transB: attr.int(1),
    });
  }

  /** Linear on the last axis of a value of any rank. @param weight name of the weight, [out, in] */
  project(
    module: string,
    value: string,
    weight = `${module}.weight`,
    bias = `${module}.bias`,
  ): string {
    const turned = this.op('Transpose', module, [this.#tensor(weight)], {
      perm: attr.ints([1, 0]),
    });
    const product = this.op('MatMul', module, [value, turned]);
    return this.op('Add', module, [product, this.#tensor(bias)]);
  }

  activation(kind: Activation, module: string, value: string): string {
    switch (kind) {
      case 'Relu6':
        return this.op('Clip', module, [value, this.scalar(module, 0), this.scalar(module, 6)]);
      case 'HardSigmoid':
        return this.op('HardSigmoid', module, [value], {
          alpha: attr.float(1 / 6),
          beta: attr.float(0.5),
        });
      case 'Silu':
        return this.op('Mul', module, [value, this.op('Sigmoid', module, [value])]);
      default:
        return this.op(kind, module, [value]);
    }
  }

  /** MaxPool2d. @param isCeil whether a last window may reach beyond the edge */
  maxPool(module: string, value: string, { kernel, stride, pad }: Window, isCeil = false): string {
    return this.op('MaxPool', module, [value], {
      kernel_shape: attr.ints([kernel, kernel]),
      strides: attr.ints([stride, stride]),
      pads: attr.ints([pad, pad, pad, pad]),
      ceil_mode: attr.int(isCeil ? 1 : 0),
    });
  }

  /** AdaptiveAvgPool2d to one pixel. */
  averageAll(module: string, value: string): string {
    return this.op('GlobalAveragePool', module, [value]);
  }

  flatten(value: string): string {
    return this.op('Flatten', '', [value], { axis: attr.int(1) });
  }

  transpose(module: string, value: string, perm: readonly number[]): string {
    return this.op('Transpose', module, [value], { perm: attr.ints(perm) });
  }

  /** @param dims 0 keeps the input's dimension, -1 takes what is left */
  reshape(module: string, value: string, dims: readonly number[]): string {
    return this.op('Reshape', module, [value, this.vector(module, dims)]);
  }

  /** Puts values one behind the other along an axis. */
  join(module: string, values: readonly string[], axis: number): string {
    return this.op('Concat', module, values, { axis: attr.int(axis) });
  }

  /** Any operator in a module. */
  op(op: string, module: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.#draft.add(op, nodeName(module, op), inputs, attributes);
  }

  /** An operator with several outputs. */
  split(module: string, value: string, count: number, axis: number): string[] {
    const attributes = { axis: attr.int(axis), num_outputs: attr.int(count) };
    return this.#draft.addMany('Split', nodeName(module, 'Split'), [value], attributes, count);
  }

  scalar(module: string, value: number): string {
    return this.#draft.constant(nodeName(module, 'value'), floats([], [value]));
  }

  /** A single whole number. */
  index(module: string, value: number): string {
    return this.#draft.constant(nodeName(module, 'index'), ints([], [value]));
  }

  vector(module: string, values: readonly number[]): string {
    return this.#draft.constant(nodeName(module, 'numbers'), ints([values.length], values));
  }

  /** A weight that is no layer's own, such as a class token. */
  parameter(name: string): string {
    return this.#tensor(name);
  }

  #bias(module: string): string[] {
    const name = `${module}.bias`;
    return this.#weights.has(name) ? [this.#tensor(name)] : [];
  }

  #tensor(name: string): string {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const constant = this.#draft.constant(name, this.#weights.read(name));
    this.#loaded.set(name, constant);
    return constant;
  }
}

/** `/layer1/0/conv1/Conv`: the way that the module tree reads as `layer1.0.conv1`. */
function nodeName(module: string, op: string): string {
  return ['', ...module.split('.').filter((part) => part !== ''), op].join('/');
}
