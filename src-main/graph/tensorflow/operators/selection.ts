import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import { planarAxis, type Conversion, type Converter, type Converters } from '../operation.ts';

/** Concatenation: the axis is the last input, or the first one in the first version. */
const concat =
  (isFirst: boolean): Converter =>
  (conversion) => {
    const { count, numbers, plain, planar, isPlanar, rank, channels } = conversion;
    const axis = numbers(isFirst ? 0 : count - 1, 'axis')[0];
    const parts = Array.from({ length: count - 1 }, (_, i) => (isFirst ? i + 1 : i));
    const ranked = parts.every((i) => isPlanar(i) || (rank(i) === 4 && !conversion.constant(i)));
    if (!parts.some(isPlanar) || !ranked) {
      const attributes = { axis: attr.int(axis) };
      return conversion.plainResult({
        op: 'Concat',
        inputs: parts.map(plain),
        attributes,
        rank: rank(parts[0]),
      });
    }
    const inputs = parts.map(planar);
    const counts = parts.map((i) => channels(i) ?? NaN);
    const turned = planarAxis(axis);
    const total = turned === 1 ? counts.reduce((a, b) => a + b, 0) : counts[0];
    conversion.planarResult({
      ...{ op: 'Concat', inputs, attributes: { axis: attr.int(turned) } },
      ...(Number.isNaN(total) ? {} : { channels: total }),
    });
  };

const split: Converter = (conversion) => {
  const parts = conversion.attributes.number('num_split', 1);
  divide(conversion, 1, conversion.numbers(0, 'axis')[0], parts, []);
};

const splitV: Converter = (conversion) => {
  const { numbers, put, attributes } = conversion;
  const sizes = numbers(1, 'sizes');
  if (sizes.includes(-1)) throw new Error('one of its sizes is left open');
  const list = put(ints([sizes.length], sizes), 'sizes');
  const parts = attributes.number('num_split', sizes.length);
  divide(conversion, 0, numbers(2, 'axis')[0], parts, [list]);
};

/** @param sizes the name of their list, or nothing where all parts are alike */
function divide(
  conversion: Conversion,
  input: number,
  axis: number,
  parts: number,
  sizes: readonly string[],
): void {
  const { isPlanar, plain, planar, rank, channels } = conversion;
  if (!(parts >= 1 && parts <= 4096)) throw new Error(`it has ${parts} parts`);
  const turned = isPlanar(input);
  const attributes = {
    axis: attr.int(turned ? planarAxis(axis) : axis),
    ...(sizes.length === 0 ? { num_outputs: attr.int(parts) } : {}),
  };
  const inputs = [turned ? planar(input) : plain(input), ...sizes];
  const shared = { op: 'Split', inputs, attributes, outputs: parts };
  if (!turned) return conversion.plainResult({ ...shared, rank: rank(input) });
  const count = channels(input);
  const isEven = sizes.length === 0 && count !== undefined && planarAxis(axis) === 1;
  conversion.planarResult({ ...shared, ...(isEven ? { channels: count / parts } : {}) });
}

export const selections: Converters = {
  ConcatV2: concat(false),
  Concat: concat(true),
  Split: split,
  SplitV: splitV,
};
