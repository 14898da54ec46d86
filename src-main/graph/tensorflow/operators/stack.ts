import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import type { Converter, Converters } from '../operation.ts';

/** Puts tensors side by side along a new axis. */
const pack: Converter = ({ count, attributes, put, step, plain, rank, plainResult }) => {
  const axis = attributes.number('axis', 0);
  const axes = put(ints([1], [axis]), 'axes');
  const parts = Array.from({ length: count }, (_, i) => step('Unsqueeze', [plain(i), axes]));
  const from = rank(0);
  plainResult({
    op: 'Concat',
    inputs: parts,
    attributes: { axis: attr.int(axis) },
    rank: from === undefined ? undefined : from + 1,
  });
};

/** Takes a tensor apart along an axis, which vanishes. */
const unpack: Converter = ({ attributes, put, step, plain, rank, alias }) => {
  const [axis, parts] = [attributes.number('axis', 0), attributes.number('num', 0)];
  if (!(parts >= 1 && parts <= 4096)) throw new Error(`it has ${parts} parts`);
  const from = rank(0);
  for (let i = 0; i < parts; i++) {
    const index = put(ints([], [i]), 'index');
    const part = step('Gather', [plain(0), index], { axis: attr.int(axis) });
    alias(part, i, from === undefined ? undefined : from - 1);
  }
};

export const stacks: Converters = { Pack: pack, Unpack: unpack };
