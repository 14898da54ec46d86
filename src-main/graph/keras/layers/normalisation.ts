import { attr } from '../../attributes.ts';
import type { Tensor } from '../../ir.ts';
import { floats, numbersOf } from '../../tensor.ts';
import type { Layer, LayerCall } from '../layer.ts';
import type { Value } from '../network.ts';

/** The one axis that a normalisation works along, counted from 0; Keras writes a number or a list of one. */
function onlyAxis(call: LayerCall, { rank }: Value): number {
  const axis = call.settings.raw('axis') ?? -1;
  const only: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
  if (typeof only !== 'number') throw call.refuse('normalises along several axes');
  return only < 0 ? only + rank : only;
}

/** The value with its channels in the second place, where `axis` is the channels. */
function channelsSecond(call: LayerCall, value: Value): Value {
  const axis = onlyAxis(call, value);
  const { network, module } = call;
  if (axis === value.rank - 1) return network.turned(module, value);
  if (axis === 1) return network.plain(module, value);
  throw call.refuse(`normalises along axis ${axis}`);
}

/** Scale and offset, which are left out where the layer has none. */
function affine(call: LayerCall): { roles: string[]; scale: boolean; center: boolean } {
  const scale = call.settings.flag(true, 'scale');
  const center = call.settings.flag(true, 'center');
  return { roles: [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : [])], scale, center };
}

const filled = (length: number, value: number): Tensor =>
  floats([length], new Float32Array(length).fill(value));

const batch: Layer = (call) => {
  const { settings, network, module } = call;
  const value = channelsSecond(call, call.value());
  if (settings.number(0, 'mode') !== 0) throw call.refuse('normalises by the batch itself');
  const { roles, scale, center } = affine(call);
  const found = call.weights([...roles, 'moving_mean', 'moving_variance']);
  const [mean, variance] = found.slice(roles.length);
  const length = mean.data.length;
  const gamma = scale ? found[0] : filled(length, 1);
  const beta = center ? found[roles.length - 1] : filled(length, 0);
  const inputs = Object.entries({ gamma, beta, mean, variance });
  return network.map(
    'BatchNormalization',
    module,
    value,
    inputs.map(([role, weight]) => network.constant(module, role, weight)),
    { epsilon: attr.float(settings.number(1e-3, 'epsilon')) },
  );
};

/** Parameters of a normalisation without statistics of its own. */
function parameters(call: LayerCall): string[] {
  const { roles, scale, center } = affine(call);
  if (roles.length === 0) throw call.refuse('has neither scale nor offset');
  const found = call.weights(roles);
  const gamma = scale ? found[0] : filled(found[0].data.length, 1);
  const beta = center ? found.at(-1)! : filled(found[0].data.length, 0);
  const { network, module } = call;
  return [network.constant(module, 'gamma', gamma), network.constant(module, 'beta', beta)];
}

const layerNormalisation: Layer = (call) => {
  const { settings, network, module } = call;
  const value = network.plain(module, call.value());
  if (onlyAxis(call, value) !== value.rank - 1)
    throw call.refuse('normalises along another axis than the last');
  if (settings.flag(false, 'rms_scaling')) throw call.refuse('scales by the root mean square');
  return network.map('LayerNormalization', module, value, parameters(call), {
    axis: attr.int(-1),
    epsilon: attr.float(settings.number(1e-3, 'epsilon')),
  });
};

const groupNormalisation: Layer = (call) => {
  const { settings, network, module } = call;
  const value = channelsSecond(call, call.value());
  const inputs = parameters(call);
  const epsilon = attr.float(settings.number(1e-3, 'epsilon'));
  if (settings.raw('groups') === -1) {
    return network.map('InstanceNormalization', module, value, inputs, { epsilon });
  }
  const groups = attr.int(settings.raw('groups') === undefined ? 32 : settings.count('groups'));
  return network.map('GroupNormalization', module, value, inputs, { epsilon, num_groups: groups });
};

/** (x − mean) / max(√variance, 1e-7), along the last axis. */
const standardisation: Layer = (call) => {
  const { settings, network, module } = call;
  if (settings.flag(false, 'invert')) throw call.refuse('undoes a normalisation');
  const value = network.plain(module, call.value());
  const [mean, variance] = momentsOf(call);
  const deviation = Array.from(numbersOf(variance), (each) => Math.max(Math.sqrt(each), 1e-7));
  const centre = network.constant(module, 'mean', flat(mean));
  const scale = network.constant(module, 'deviation', floats([deviation.length], deviation));
  const centred = network.map('Sub', module, value, [centre]);
  return network.map('Div', module, centred, [scale]);
};

const flat = (tensor: Tensor): Tensor => ({ ...tensor, dims: [tensor.data.length] });

/** From the configuration, where they were given, else from the weights. */
function momentsOf(call: LayerCall): readonly Tensor[] {
  const { settings } = call;
  if (settings.raw('mean') === undefined) return call.weights(['mean', 'variance', 'count']);
  const given = ['mean', 'variance'].map((role) => {
    const value = settings.raw(role);
    const list = (Array.isArray(value) ? value.flat(8) : [value]) as unknown[];
    if (list.some((each) => typeof each !== 'number')) throw call.refuse(`has no readable ${role}`);
    return floats([list.length], list as number[]);
  });
  return given;
}

/** https://keras.io/api/layers/normalization_layers/ and the preprocessing layer Normalization. */
export const normalisations: Readonly<Record<string, Layer>> = {
  BatchNormalization: batch,
  BatchNormalizationV1: batch,
  BatchNormalizationV2: batch,
  SyncBatchNormalization: batch,
  LayerNormalization: layerNormalisation,
  GroupNormalization: groupNormalisation,
  Normalization: standardisation,
};
