import { attr } from '../../attributes.ts';
import { unknownLayer } from '../errors.ts';
import type { Layer, LayerCall } from '../layer.ts';
import { physicalAxis, type Value } from '../network.ts';

/** Values of a layer that joins some, plain numbers among them. */
function joined(call: LayerCall): { values: Value[]; first: Value } {
  const { network } = call;
  const arrays = call.values.filter(({ rank }) => rank > 0);
  if (arrays.length === 0) throw call.refuse('joins nothing');
  const alike = network.alike(call.settings.layer, arrays);
  const values = call.values.map((value) => (value.rank > 0 ? alike.shift()! : value));
  return { values, first: values.find(({ rank }) => rank > 0)! };
}

const variadic =
  (op: string): Layer =>
  (call) => {
    const { values, first } = joined(call);
    if (values.length === 1) return call.network.map('Identity', call.module, first);
    const name = call.network.op(
      op,
      call.module,
      values.map((value) => value.name),
    );
    return { ...first, name };
  };

/** Sums and products as operators of two values, which are what layers are told by. */
const chained =
  (op: string): Layer =>
  (call) => {
    const { values, first } = joined(call);
    const [start, ...rest] = values.map(({ name }) => name);
    const { network, module } = call;
    return {
      ...first,
      name: rest.reduce((sum, each) => network.op(op, module, [sum, each]), start),
    };
  };

const concatenation =
  (axis?: number): Layer =>
  (call) => {
    const { values, first } = joined(call);
    const wanted = axis ?? call.settings.number(-1, 'axis', 'concat_axis');
    const at = physicalAxis(call.settings.layer, first, wanted);
    const names = values.map(({ name }) => name);
    return {
      ...first,
      name: call.network.op('Concat', call.module, names, { axis: attr.int(at) }),
    };
  };

/** Products of vectors, or of the matrices of two sequences, along one axis of each. */
const dot: Layer = (call) => {
  const { network, module, settings } = call;
  if (settings.flag(false, 'normalize')) throw call.refuse('normalises');
  const [a, b] = call.values.map((value) => network.plain(module, value));
  const given = settings.raw('axes');
  const axes = Array.isArray(given) ? settings.numbers('axes') : [settings.number(-1, 'axes')];
  if (call.values.length !== 2 || a.rank !== b.rank || a.rank > 3)
    throw call.refuse('has other values than two of a kind');
  const [along, across] = [a, b].map((value, i) =>
    physicalAxis(settings.layer, value, axes[i] ?? axes[0]),
  );
  if (a.rank === 2) {
    const product = network.op('Mul', module, [a.name, b.name]);
    const sum = network.op('ReduceSum', module, [product, network.vector(module, [1])], {
      keepdims: attr.int(1),
    });
    return { ...a, name: sum };
  }
  const left = along === 2 ? a.name : network.transpose(module, a.name, [0, 2, 1]);
  const right = across === 1 ? b.name : network.transpose(module, b.name, [0, 2, 1]);
  return { ...a, name: network.op('MatMul', module, [left, right]) };
};

/** Keras 1 had one layer for all of them. */
const MODES: Readonly<Record<string, Layer>> = {
  sum: chained('Add'),
  mul: chained('Mul'),
  ave: variadic('Mean'),
  max: variadic('Max'),
  concat: concatenation(),
};

const merge: Layer = (call) => {
  const mode = call.settings.text('sum', 'mode');
  if (!Object.hasOwn(MODES, mode)) throw unknownLayer(`Merge "${mode}"`, call.settings.layer);
  return MODES[mode](call);
};

/** https://keras.io/api/layers/merging_layers/; Keras 3 has operations of the same names, also with plain numbers. */
export const merges: Readonly<Record<string, Layer>> = {
  Add: chained('Add'),
  Subtract: chained('Sub'),
  Multiply: chained('Mul'),
  Divide: chained('Div'),
  TrueDivide: chained('Div'),
  Average: variadic('Mean'),
  Maximum: variadic('Max'),
  Minimum: variadic('Min'),
  Concatenate: concatenation(),
  Dot: dot,
  Merge: merge,
};
