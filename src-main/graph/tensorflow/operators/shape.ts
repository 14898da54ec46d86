import { attr } from '../../attributes.ts';
import { ELEMENT_NAMES } from '../../onnx/schema.ts';
import { floats, ints } from '../../tensor.ts';
import { graphTypeOf } from '../graph-def.ts';
import {
  planarAxis,
  TO_PLAIN,
  type Conversion,
  type Converter,
  type Converters,
} from '../operation.ts';

/** ONNX's number of the type that a graph has for TensorFlow's. */
function typeCode(name: string | undefined): number {
  const dtype = graphTypeOf(name ?? 'DT_FLOAT');
  if (!dtype)
    throw new Error(`it makes ${name ?? 'unknown'} values, which Eidoscope does not read`);
  return ELEMENT_NAMES.indexOf(dtype);
}

const identity: Converter = ({
  isPlanar,
  planar,
  plain,
  planarResult,
  plainResult,
  rank,
  channels,
}) => {
  if (!isPlanar(0)) return plainResult({ op: 'Identity', inputs: [plain(0)], rank: rank(0) });
  const count = channels(0);
  planarResult({ op: 'Identity', inputs: [planar(0)], ...(count ? { channels: count } : {}) });
};

const identities: Converter = ({ count, plain, alias, rank }) => {
  for (let i = 0; i < count; i++) alias(plain(i), i, rank(i));
};

const cast: Converter = ({
  attributes,
  isPlanar,
  planar,
  plain,
  rank,
  planarResult,
  plainResult,
}) => {
  const to = attr.int(typeCode(attributes.type('DstT')));
  if (isPlanar(0)) return planarResult({ op: 'Cast', inputs: [planar(0)], attributes: { to } });
  plainResult({ op: 'Cast', inputs: [plain(0)], attributes: { to }, rank: rank(0) });
};

/** A size of 0 is one, not ONNX's "as it was". */
const reshape: Converter = ({ plain, integers, constant, plainResult }) => {
  const sizes = constant(1);
  const zero = sizes && Array.from(sizes.data, Number).includes(0);
  plainResult({
    op: 'Reshape',
    inputs: [plain(0), integers(1)],
    ...(zero ? { attributes: { allowzero: attr.int(1) } } : {}),
    rank: sizes?.data.length,
  });
};

const squeeze: Converter = (conversion) => {
  const { attributes, put, plain, planar, isPlanar, rank, plainResult } = conversion;
  const named = attributes.numbers('squeeze_dims');
  const axes = named.length > 0 ? named : attributes.numbers('axis');
  const list = (values: readonly number[]): string[] =>
    values.length === 0 ? [] : [put(ints([values.length], values), 'axes')];
  const from = rank(0);
  const left = from !== undefined && axes.length > 0 ? from - axes.length : undefined;
  const moved = axes.map(planarAxis);
  if (isPlanar(0) && moved.includes(2) && moved.includes(3)) {
    return plainResult({ op: 'Squeeze', inputs: [planar(0), ...list(moved)], rank: left });
  }
  plainResult({ op: 'Squeeze', inputs: [plain(0), ...list(axes)], rank: left });
};

const expandDims: Converter = ({ plain, put, numbers, rank, plainResult }) => {
  const axes = put(ints([1], [numbers(1, 'axes')[0]]), 'axes');
  const from = rank(0);
  plainResult({
    op: 'Unsqueeze',
    inputs: [plain(0), axes],
    rank: from === undefined ? undefined : from + 1,
  });
};

/** Of a planar tensor both permutations are one. */
const transpose: Converter = ({ plain, planar, isPlanar, numbers, plainResult }) => {
  const perm = numbers(1, 'permutation');
  if (!isPlanar(0) || perm.length !== 4) {
    const attributes = { perm: attr.ints(perm) };
    return plainResult({ op: 'Transpose', inputs: [plain(0)], attributes, rank: perm.length });
  }
  const both = perm.map((axis) => TO_PLAIN[axis]);
  const inputs = [planar(0)];
  if (both.every((axis, i) => axis === i)) return plainResult({ op: 'Identity', inputs, rank: 4 });
  plainResult({ op: 'Transpose', inputs, attributes: { perm: attr.ints(both) }, rank: 4 });
};

const shape: Converter = (conversion) => {
  const { step, plain, attributes, plainResult } = conversion;
  const dims = step('Shape', [plain(0)]);
  const to = attr.int(typeCode(attributes.type('out_type') ?? 'DT_INT32'));
  plainResult({ op: 'Cast', inputs: [dims], attributes: { to }, rank: 1 });
};

const size: Converter = ({ step, plain, attributes, plainResult }) => {
  const count = step('Size', [plain(0)]);
  const to = attr.int(typeCode(attributes.type('out_type') ?? 'DT_INT32'));
  plainResult({ op: 'Cast', inputs: [count], attributes: { to }, rank: 0 });
};

const rankOf: Converter = ({ step, plain, plainResult }) => {
  const count = step('Size', [step('Shape', [plain(0)])]);
  plainResult({ op: 'Cast', inputs: [count], attributes: { to: attr.int(6) }, rank: 0 });
};

const fill: Converter = ({ plain, integers, constant, plainResult }) => {
  plainResult({
    op: 'Expand',
    inputs: [plain(1), integers(0)],
    rank: constant(0)?.data.length,
  });
};

const alike =
  (value: number): Converter =>
  ({ plain, put, step, rank, attributes, plainResult }) => {
    const to = attr.int(typeCode(attributes.type('T')));
    const one = step('Cast', [put(floats([], [value]), 'value')], { to });
    plainResult({ op: 'Expand', inputs: [one, step('Shape', [plain(0)])], rank: rank(0) });
  };

const tile: Converter = ({ plain, integers, rank, plainResult }) => {
  plainResult({ op: 'Tile', inputs: [plain(0), integers(1)], rank: rank(0) });
};

const broadcastTo: Converter = ({ plain, integers, constant, plainResult }) => {
  plainResult({ op: 'Expand', inputs: [plain(0), integers(1)], rank: constant(1)?.data.length });
};

const range: Converter = ({ plain, plainResult }) => {
  plainResult({ op: 'Range', inputs: [0, 1, 2].map(plain), rank: 1 });
};

/** A check that is left out: what it would find is found by Eidoscope's own. */
const nothing = (_: Conversion): void => undefined;

export const shapes: Converters = {
  Identity: identity,
  StopGradient: identity,
  PreventGradient: identity,
  CheckNumerics: identity,
  Snapshot: identity,
  PlaceholderWithDefault: identity,
  ReadVariableOp: identity,
  EnsureShape: identity,
  IdentityN: identities,
  NoOp: nothing,
  Assert: nothing,
  Cast: cast,
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Transpose: transpose,
  Shape: shape,
  Size: size,
  Rank: rankOf,
  Fill: fill,
  ZerosLike: alike(0),
  OnesLike: alike(1),
  Tile: tile,
  BroadcastTo: broadcastTo,
  Range: range,
};
