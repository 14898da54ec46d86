import { attr } from '../../attributes.ts';
import { floats } from '../../tensor.ts';
import type { Conversion, Converter, Converters } from '../operation.ts';
import { planarAxis } from '../operation.ts';
import { broadcast, unary } from './elementwise.ts';

/** Adds an activation behind a value. @returns the value behind it */
type Activation = (conversion: Conversion, value: string) => Applied;

/** A last step that is still to be added. */
export interface Applied {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes?: Parameters<Conversion['step']>[2];
}

const simple =
  (op: string, attributes = {}): Activation =>
  (_, value) => ({ op, inputs: [value], attributes });

const relu6: Activation = ({ put }, value) => ({
  op: 'Clip',
  inputs: [value, put(floats([], [0]), 'least'), put(floats([], [6]), 'most')],
});

/** `leakyrelu_alpha` where it is fused into another operation. */
const leaky: Activation = ({ attributes }, value) => {
  const slope = attributes.number('alpha', attributes.number('leakyrelu_alpha', 0.2));
  return { op: 'LeakyRelu', inputs: [value], attributes: { alpha: attr.float(slope) } };
};

/** The constants of TensorFlow's SELU are those of ONNX (Klambauer et al. 2017). */
const byName: Readonly<Record<string, Activation>> = {
  Relu: simple('Relu'),
  Relu6: relu6,
  LeakyRelu: leaky,
  Elu: simple('Elu'),
  Selu: simple('Selu'),
  Sigmoid: simple('Sigmoid'),
  Tanh: simple('Tanh'),
  Softplus: simple('Softplus'),
  Softsign: simple('Softsign'),
  Erf: simple('Erf'),
  GeluExact: simple('Gelu'),
  GeluApproximate: simple('Gelu', { approximate: attr.string('tanh') }),
};

/** The activation of that name, to be put behind a fused operation. @throws Error when there is none */
export function activationOf(name: string, conversion: Conversion, value: string): Applied {
  const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (!found) throw new Error(`it is fused with ${name}, which Eidoscope does not read`);
  return found(conversion, value);
}

const alone =
  (activation: Activation): Converter =>
  (conversion) => {
    const { inputs, result } = broadcast(conversion, [0]);
    const { op, inputs: given, attributes } = activation(conversion, inputs[0]);
    result(op, given, attributes);
  };

/** Slopes below zero are given for each channel, or for each element (Keras without shared axes). */
const prelu: Converter = (conversion) => {
  const { inputs, result } = broadcast(conversion, [0, 1]);
  result('PRelu', inputs);
};

/** Along the last axis, which is the channels' of an image tensor. */
const softmax =
  (op: string): Converter =>
  ({ isPlanar, plain, planar, rank, channels, planarResult, plainResult }) => {
    if (!isPlanar(0)) {
      return plainResult({
        op,
        inputs: [plain(0)],
        attributes: { axis: attr.int(-1) },
        rank: rank(0),
      });
    }
    const attributes = { axis: attr.int(planarAxis(-1)) };
    const count = channels(0);
    planarResult({ op, inputs: [planar(0)], attributes, ...(count ? { channels: count } : {}) });
  };

export const activations: Converters = {
  ...Object.fromEntries(
    Object.entries(byName)
      .filter(([name]) => !name.startsWith('Gelu'))
      .map(([name, activation]) => [name, alone(activation)]),
  ),
  Prelu: prelu,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  HardSwish: unary('HardSwish'),
};
