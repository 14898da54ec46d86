import type { Tensor } from '../../ir.ts';
import { type LayerCall } from '../layer.ts';
import type { Value } from '../network.ts';
import { activate } from './activation.ts';

/** The layer's value with its channels in the second place, as its `data_format` says where they are. */
export function planes(call: LayerCall, axes: number): Value {
  const value = call.value(axes + 2);
  const { network, module, settings } = call;
  return settings.isChannelsLast ? network.turned(module, value) : network.plain(module, value);
}

/** A result that lies as `value` does, after the layer's own activation. */
export function finish(call: LayerCall, value: Value, result: string): Value {
  return activate(call, { ...value, name: result }, call.settings.raw('activation'));
}

/** Adds a number to each channel. */
export function addBias(call: LayerCall, value: string, bias: Tensor, axes: number): string {
  const { network, module } = call;
  const dims = [...bias.dims, ...new Array<number>(axes).fill(1)];
  return network.op('Add', module, [value, network.constant(module, 'bias', { ...bias, dims })]);
}
