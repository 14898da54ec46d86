import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import { planarAxis, type Conversion, type Converter, type Converters } from '../operation.ts';

const reduction =
  (op: string): Converter =>
  (conversion) => {
    const { attributes, plain, isPlanar, constant, rank } = conversion;
    const keep = attributes.bool('keep_dims', false);
    const keepdims = attr.int(keep ? 1 : 0);
    const axes = constant(1) ? [...conversion.numbers(1, 'axes')] : undefined;
    if (isPlanar(0) && axes && reducePlanar(conversion, op, axes, keep)) return;
    const from = rank(0);
    conversion.plainResult({
      op,
      inputs: [plain(0), conversion.integers(1)],
      attributes: { keepdims, noop_with_empty_axes: attr.int(1) },
      rank: keep ? from : from === undefined || !axes ? undefined : from - axes.length,
    });
  };

/** @returns false where what is left would not be in TensorFlow's order of axes */
function reducePlanar(
  { put, planar, plainResult, planarResult, channels }: Conversion,
  op: string,
  axes: readonly number[],
  keep: boolean,
): boolean {
  const moved = axes.map(planarAxis);
  const left = [0, 2, 3, 1].filter((axis) => !moved.includes(axis));
  if (!keep && left.some((axis, i) => i > 0 && axis < left[i - 1])) return false;
  const inputs = [planar(0), put(ints([moved.length], moved), 'axes')];
  const attributes = { keepdims: attr.int(keep ? 1 : 0), noop_with_empty_axes: attr.int(1) };
  const count = moved.includes(1) ? 1 : channels(0);
  if (keep) planarResult({ op, inputs, attributes, ...(count ? { channels: count } : {}) });
  else plainResult({ op, inputs, attributes, rank: left.length });
  return true;
}

export const reductions: Converters = {
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
};
