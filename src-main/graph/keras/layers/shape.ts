import { attr } from '../../attributes.ts';
import { malformed } from '../errors.ts';
import { floats } from '../../tensor.ts';
import type { Layer, LayerCall } from '../layer.ts';
import { upTo } from '../network.ts';
import { planes } from './planes.ts';

const flatten: Layer = (call) => {
  const { network, module, settings } = call;
  const { name: given, rank } = network.plain(module, call.value());
  let name = given;
  // In this form the layer puts the channels last before it flattens.
  if (!settings.isChannelsLast && rank > 2) {
    name = network.transpose(module, name, [0, ...upTo(2, rank), 1]);
  }
  const flat = network.op('Flatten', module, [name], { axis: attr.int(1) });
  return { name: flat, rank: 2, isTurned: false };
};

const reshape: Layer = (call) => {
  const { network, module, settings } = call;
  const target = settings.numbers('target_shape');
  if (
    target.length === 0 ||
    target.some((dim) => !Number.isInteger(dim) || dim < -1 || dim === 0)
  ) {
    throw malformed(`target_shape of the layer ${settings.layer} is no shape`);
  }
  const { name } = network.plain(module, call.value());
  const shape = network.vector(module, [0, ...target]);
  const result = network.op('Reshape', module, [name, shape]);
  return { name: result, rank: target.length + 1, isTurned: false };
};

const permute: Layer = (call) => {
  const { network, module, settings } = call;
  const value = network.plain(module, call.value());
  const perm = [0, ...settings.numbers('dims')];
  const isOrder =
    perm.length === value.rank && upTo(0, value.rank).every((axis) => perm.includes(axis));
  if (!isOrder) throw malformed(`dims of the layer ${settings.layer} are no order of its axes`);
  return { ...value, name: network.transpose(module, value.name, perm) };
};

/** Elements before and after each spatial axis: a number, one per axis, a pair per axis, or Keras 1's names. */
function borders(call: LayerCall, name: string, axes: number): [number, number][] {
  const given = call.settings.raw(name) ?? 1;
  const list: unknown[] = Array.isArray(given) ? given : new Array<unknown>(axes).fill(given);
  // One axis may stand as a pair without a list around it.
  const pairs = axes === 1 && list.length === 2 && !Array.isArray(list[0]) ? [list] : list;
  const found = pairs.map((each) => (Array.isArray(each) ? each : [each, each]) as unknown[]);
  const isWhole = (each: unknown): boolean =>
    Number.isInteger(each) && (each as number) >= 0 && (each as number) < 2 ** 24;
  if (found.length !== axes || found.some((pair) => pair.length !== 2 || !pair.every(isWhole))) {
    throw malformed(`${name} of the layer ${call.settings.layer} does not fit its axes`);
  }
  return found as [number, number][];
}

const padding =
  (axes: number): Layer =>
  (call) => {
    const { network, module } = call;
    const value = planes(call, axes);
    const pairs = borders(call, 'padding', axes);
    const pads = [
      0,
      0,
      ...pairs.map(([before]) => before),
      0,
      0,
      ...pairs.map(([, after]) => after),
    ];
    return network.map('Pad', module, value, [network.vector(module, pads)]);
  };

const cropping =
  (axes: number): Layer =>
  (call) => {
    const { network, module } = call;
    const value = planes(call, axes);
    const pairs = borders(call, 'cropping', axes);
    const starts = pairs.map(([before]) => before);
    const ends = pairs.map(([, after]) => (after === 0 ? 2 ** 31 - 1 : -after));
    const bounds = [starts, ends, upTo(2, axes + 2)].map((values) =>
      network.vector(module, values),
    );
    return network.map('Slice', module, value, bounds);
  };

/** TensorFlow.js does not place pixels by their centres as TensorFlow does. */
function interpolation(call: LayerCall): Readonly<Record<string, ReturnType<typeof attr.string>>> {
  const kind = call.settings.text('nearest', 'interpolation');
  if (kind === 'nearest') {
    const isCentred = call.kind === 'Resizing' && !call.dialect.isTfjs;
    return {
      mode: attr.string('nearest'),
      coordinate_transformation_mode: attr.string(isCentred ? 'half_pixel' : 'asymmetric'),
      nearest_mode: attr.string('floor'),
    };
  }
  if (kind !== 'bilinear') throw call.refuse(`interpolates by "${kind}"`);
  const mode = call.dialect.isTfjs ? 'asymmetric' : 'half_pixel';
  return { mode: attr.string('linear'), coordinate_transformation_mode: attr.string(mode) };
}

const upsampling =
  (axes: number): Layer =>
  (call) => {
    const { network, module, settings } = call;
    const value = planes(call, axes);
    const sizes = settings.counts(axes, 2, 'size', 'length');
    const scales = network.constant(module, 'scales', floats([axes + 2], [1, 1, ...sizes]));
    return network.map('Resize', module, value, ['', scales], interpolation(call));
  };

const resizing: Layer = (call) => {
  const { network, module, settings } = call;
  const isCut =
    settings.flag(false, 'crop_to_aspect_ratio') || settings.flag(false, 'pad_to_aspect_ratio');
  if (isCut || settings.flag(false, 'antialias'))
    throw call.refuse('keeps the aspect ratio or smooths');
  const value = planes(call, 2);
  const sizes = network.vector(module, [settings.count('height'), settings.count('width')]);
  const bilinear = settings.raw('interpolation') ?? 'bilinear';
  if (bilinear !== 'bilinear' && bilinear !== 'nearest')
    throw call.refuse('interpolates in another way');
  return network.map('Resize', module, value, ['', '', sizes], {
    ...interpolation(call.with(settings.defaulting('interpolation', 'bilinear'), call.values)),
    axes: attr.ints([2, 3]),
  });
};

/** https://keras.io/api/layers/reshaping_layers/ */
export const shapes: Readonly<Record<string, Layer>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  Resizing: resizing,
  ...Object.fromEntries(
    upTo(1, 4).flatMap((axes): [string, Layer][] => [
      [`ZeroPadding${axes}D`, padding(axes)],
      [`Cropping${axes}D`, cropping(axes)],
      [`UpSampling${axes}D`, upsampling(axes)],
    ]),
  ),
};
