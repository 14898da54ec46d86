import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import { TO_PLANAR, type Conversion, type Converter, type Converters } from '../operation.ts';

/** Widths [[before, after], …] of every axis become all that come before, then all that come after. */
function widthsOf({ numbers }: Conversion, axes?: readonly number[]): readonly number[] {
  const widths = numbers(1, 'widths');
  const order = axes ?? Array.from({ length: widths.length / 2 }, (_, axis) => axis);
  if (order.length !== widths.length / 2) throw new Error('its widths do not fit the image');
  return [...order.map((axis) => widths[2 * axis]), ...order.map((axis) => widths[2 * axis + 1])];
}

const padding =
  (modeOf: (conversion: Conversion) => string): Converter =>
  (conversion) => {
    const { plain, planar, isPlanar, put, def, count, rank } = conversion;
    const attributes = { mode: attr.string(modeOf(conversion)) };
    const fill = count > 2 && def.op === 'PadV2' ? [plain(2)] : [];
    const widths = widthsOf(conversion, isPlanar(0) ? TO_PLANAR : undefined);
    const pads = put(ints([widths.length], widths), 'widths');
    if (isPlanar(0)) {
      conversion.planarResult({ op: 'Pad', inputs: [planar(0), pads, ...fill], attributes });
    } else {
      const inputs = [plain(0), pads, ...fill];
      conversion.plainResult({ op: 'Pad', inputs, attributes, rank: rank(0) });
    }
  };

const constant = padding(() => 'constant');

/** SYMMETRIC repeats the border, which ONNX cannot say. */
const mirror = padding(({ attributes }) => {
  if (attributes.text('mode', 'REFLECT') === 'REFLECT') return 'reflect';
  throw new Error('it mirrors the border too (SYMMETRIC), which is not supported');
});

export const paddings: Converters = { Pad: constant, PadV2: constant, MirrorPad: mirror };
