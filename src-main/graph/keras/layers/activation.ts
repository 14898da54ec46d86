import { attr } from '../../attributes.ts';
import type { Attributes } from '../../ir.ts';
import { malformed, unknownLayer } from '../errors.ts';
import { isRecord } from '../config.ts';
import { permuted, type Layer, type LayerCall } from '../layer.ts';
import { physicalAxis, upTo, type Value } from '../network.ts';
import { Settings } from '../settings.ts';

/** Activations that are one operator (https://keras.io/api/layers/activations/). */
const SIMPLE: Readonly<Record<string, readonly [op: string, attributes?: Attributes]>> = {
  relu: ['Relu'],
  elu: ['Elu'],
  selu: ['Selu'],
  celu: ['Celu'],
  tanh: ['Tanh'],
  sigmoid: ['Sigmoid'],
  softplus: ['Softplus'],
  softsign: ['Softsign'],
  exponential: ['Exp'],
  mish: ['Mish'],
  gelu: ['Gelu'],
  leaky_relu: ['LeakyRelu', { alpha: attr.float(0.2) }],
  hard_swish: ['HardSwish'],
  hard_silu: ['HardSwish'],
};

/** Applies an activation as a layer's config names it. @throws GraphError when it is not known */
export function activate(call: LayerCall, value: Value, activation: unknown): Value {
  if (isRecord(activation) && Object.hasOwn(activations, String(activation.class_name))) {
    const config = isRecord(activation.config) ? activation.config : {};
    const own = new Settings(call.settings.layer, config);
    return activations[String(activation.class_name)](call.with(own, [value]));
  }
  const name = nameOf(activation, call);
  const { network, module } = call;
  const simple = SIMPLE[name];
  if (simple && Object.hasOwn(SIMPLE, name)) {
    return network.map(simple[0], module, value, [], simple[1] ?? {});
  }
  switch (name) {
    case 'linear':
      return value;
    case 'relu6':
      return clip(call, value, 0, 6);
    case 'silu':
    case 'swish':
      return network.map('Mul', module, value, [network.op('Sigmoid', module, [value.name])]);
    case 'hard_sigmoid':
      return hardSigmoid(call, value);
    case 'softmax':
      return softmax(call, value, 'Softmax', -1);
    case 'log_softmax':
      return softmax(call, value, 'LogSoftmax', -1);
    default:
      throw unknownLayer(`activation ${name}`, call.settings.layer);
  }
}

/** Keras writes `relu`, or where a function stood, an object that names it. */
function nameOf(activation: unknown, call: LayerCall): string {
  if (activation === undefined || activation === null) return 'linear';
  if (typeof activation === 'string') return activation;
  if (!isRecord(activation))
    throw malformed(`the activation of ${call.settings.layer} has no name`);
  const { class_name: kind, config } = activation;
  if (kind === 'function' && typeof config === 'string') return config;
  throw unknownLayer(`activation ${String(kind)}`, call.settings.layer);
}

/** Keras 3 has relu6(x + 3) / 6, the older ones max(0, min(1, x / 5 + 1 / 2)). */
function hardSigmoid({ network, module, dialect }: LayerCall, value: Value): Value {
  const alpha = dialect.version >= 3 ? 1 / 6 : 0.2;
  const attributes = { alpha: attr.float(alpha), beta: attr.float(0.5) };
  return network.map('HardSigmoid', module, value, [], attributes);
}

function softmax(call: LayerCall, value: Value, op: string, axis: number): Value {
  const at = physicalAxis(call.settings.layer, value, axis);
  return call.network.map(op, call.module, value, [], { axis: attr.int(at) });
}

function clip({ network, module }: LayerCall, value: Value, low: number, high: number): Value {
  const bounds = [network.scalar(module, low), network.scalar(module, high)];
  return network.map('Clip', module, value, bounds);
}

/** ReLU: max_value where x ≥ max_value, x where x ≥ threshold, slope · (x − threshold) below. */
const relu: Layer = (call) => {
  const { settings, network, module } = call;
  const value = call.value();
  const slope = settings.number(0, 'negative_slope', 'alpha');
  const threshold = settings.number(0, 'threshold');
  const most = settings.raw('max_value') === undefined ? Infinity : settings.number(0, 'max_value');
  if (slope === 0 && threshold === 0) {
    return most === Infinity ? network.map('Relu', module, value) : clip(call, value, 0, most);
  }
  const above = network.map('ThresholdedRelu', module, value, [], { alpha: attr.float(threshold) });
  const capped = most === Infinity ? above : clip(call, above, 0, most);
  const below = network.op('Sub', module, [network.scalar(module, threshold), value.name]);
  const rest = network.op('Relu', module, [below]);
  const scaled = network.op('Mul', module, [rest, network.scalar(module, slope)]);
  return network.map('Sub', module, capped, [scaled]);
};

const leakyRelu: Layer = (call) => {
  const alpha = call.settings.number(0.3, 'negative_slope', 'alpha');
  return call.network.map('LeakyRelu', call.module, call.value(), [], { alpha: attr.float(alpha) });
};

/** PReLU: a slope for each place, or one along the shared axes. */
const parametricRelu: Layer = (call) => {
  const value = call.network.turned(call.module, call.value());
  const [alpha] = call.weights(['alpha']);
  const axes = alpha.dims.length;
  const isTurned = value.isTurned && axes > 1;
  const slope = isTurned
    ? permuted(alpha, [axes - 1, ...upTo(0, axes - 1)], call.settings.layer)
    : alpha;
  return call.network.map('PRelu', call.module, value, [
    call.network.constant(call.module, 'alpha', slope),
  ]);
};

const elu: Layer = (call) => {
  const alpha = call.settings.number(1, 'alpha');
  return call.network.map('Elu', call.module, call.value(), [], { alpha: attr.float(alpha) });
};

const thresholdedRelu: Layer = (call) => {
  const theta = attr.float(call.settings.number(1, 'theta'));
  return call.network.map('ThresholdedRelu', call.module, call.value(), [], { alpha: theta });
};

const softmaxLayer: Layer = (call) => {
  const axis = call.settings.raw('axis');
  const only: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : (axis ?? -1);
  if (typeof only !== 'number') throw call.refuse('normalises along several axes');
  return softmax(call, call.value(), 'Softmax', only);
};

const named =
  (name: string): Layer =>
  (call) =>
    activate(call, call.value(), name);

/** https://keras.io/api/layers/activation_layers/, and operations of Keras 3 (keras.ops) that need no setting. */
export const activations: Readonly<Record<string, Layer>> = {
  Activation: (call) => activate(call, call.value(), call.settings.raw('activation')),
  ReLU: relu,
  LeakyReLU: leakyRelu,
  PReLU: parametricRelu,
  ELU: elu,
  ThresholdedReLU: thresholdedRelu,
  Softmax: softmaxLayer,
  Relu: named('relu'),
  Relu6: named('relu6'),
  Sigmoid: named('sigmoid'),
  Tanh: named('tanh'),
  Silu: named('silu'),
  HardSilu: named('hard_silu'),
  Softplus: named('softplus'),
};
