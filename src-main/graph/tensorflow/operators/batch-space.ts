import { ints } from '../../tensor.ts';
import type { BatchSpace, Conversion, Converter, Converters } from '../operation.ts';

const LAST = 2 ** 31 - 1;

const toBatch: Converter = (conversion) => {
  const { numbers, planar, def, refuse } = conversion;
  const block = numbers(1, 'block sizes');
  const widths = numbers(2, 'paddings');
  if (block.length !== 2) throw new Error('it takes apart other axes than height and width');
  const source = planar(0);
  // Only a convolution can read the parts: whatever else does is told that they are not supported.
  refuse();
  const [top, bottom, left, right] = widths;
  conversion.spaces.set(def.name, { source, block, pads: [top, left, bottom, right] });
};

/** The image and the dilation of a convolution that reads a batch of parts; `undefined` for any other. */
export function spaceOf(conversion: Conversion): BatchSpace | undefined {
  const space = conversion.spaces.get(conversion.def.inputs[0] ?? '');
  if (!space?.source) return undefined;
  const { attributes } = conversion;
  const steps = [...attributes.numbers('strides'), ...attributes.numbers('dilations')];
  if (attributes.text('padding', 'VALID') !== 'VALID' || steps.some((each) => each !== 1)) {
    throw new Error('it convolves the parts of an image with padding or strides');
  }
  conversion.spaces.set(conversion.def.name, { block: space.block, pads: [] });
  return space;
}

const toSpace: Converter = (conversion) => {
  const { numbers, planar, def, put, refuse } = conversion;
  const space = conversion.spaces.get(def.inputs[0] ?? '');
  const block = numbers(1, 'block sizes');
  if (!space || space.source || space.block.join() !== block.join()) return refuse();
  const [top, bottom, left, right] = numbers(2, 'crops');
  const list = (values: readonly number[], hint: string): string => put(ints([2], values), hint);
  const end = (size: number): number => (size === 0 ? LAST : -size);
  const bounds = [
    list([top, left], 'starts'),
    list([end(bottom), end(right)], 'ends'),
    list([2, 3], 'axes'),
  ];
  conversion.planarResult({ op: 'Slice', inputs: [planar(0), ...bounds] });
  conversion.spaces.delete(def.name);
};

/** Dilated convolutions, as older versions of TensorFlow write them. */
export const batchSpaces: Converters = { SpaceToBatchND: toBatch, BatchToSpaceND: toSpace };
