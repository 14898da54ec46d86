import { attr } from '../../attributes.ts';
import type { Layer } from '../layer.ts';
import { upTo } from '../network.ts';
import { planes } from './planes.ts';

const pooling =
  (op: 'MaxPool' | 'AveragePool', axes: number): Layer =>
  (call) => {
    const { settings, network, module } = call;
    const value = planes(call, axes);
    const size = settings.counts(axes, 2, 'pool_size', 'pool_length');
    const isStrided = settings.raw('strides', 'stride') !== undefined;
    const strides = isStrided ? settings.counts(axes, 1, 'strides', 'stride') : size;
    const padding = settings.text('valid', 'padding', 'border_mode');
    if (padding !== 'valid' && padding !== 'same') throw call.refuse(`pads by "${padding}"`);
    return network.map(op, module, value, [], {
      kernel_shape: attr.ints(size),
      strides: attr.ints(strides),
      auto_pad: attr.string(padding === 'same' ? 'SAME_UPPER' : 'VALID'),
    });
  };

const globalPooling =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool', axes: number): Layer =>
  (call) => {
    const { settings, network, module } = call;
    const value = planes(call, axes);
    const pooled = network.map(op, module, value);
    if (settings.flag(false, 'keepdims')) return pooled;
    const flat = network.op('Flatten', module, [pooled.name], { axis: attr.int(1) });
    return { name: flat, rank: 2, isTurned: false };
  };

/** https://keras.io/api/layers/pooling_layers/, with the short names that configurations may hold. */
export const poolings: Readonly<Record<string, Layer>> = Object.fromEntries(
  upTo(1, 4).flatMap((axes): [string, Layer][] => [
    [`MaxPooling${axes}D`, pooling('MaxPool', axes)],
    [`MaxPool${axes}D`, pooling('MaxPool', axes)],
    [`AveragePooling${axes}D`, pooling('AveragePool', axes)],
    [`AvgPool${axes}D`, pooling('AveragePool', axes)],
    [`GlobalMaxPooling${axes}D`, globalPooling('GlobalMaxPool', axes)],
    [`GlobalMaxPool${axes}D`, globalPooling('GlobalMaxPool', axes)],
    [`GlobalAveragePooling${axes}D`, globalPooling('GlobalAveragePool', axes)],
    [`GlobalAvgPool${axes}D`, globalPooling('GlobalAveragePool', axes)],
  ]),
);
