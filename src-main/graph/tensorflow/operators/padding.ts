import { attr } from '../../attributes.ts';
import { ints } from '../../tensor.ts';
import {
  TO_PLANAR,
  type Conversion,
  type Converter,
  type Converters,
  type Result,
} from '../operation.ts';

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

const reflect = padding(() => 'reflect');

/**
 * SYMMETRIC mirrors the border too, which no mode of ONNX does: on each side what lies there, in reverse order, is
 * joined to the image, axis by axis.
 */
const symmetric: Converter = (conversion) => {
  const { plain, planar, isPlanar, step, rank } = conversion;
  const turned = isPlanar(0);
  const widths = widthsOf(conversion, turned ? TO_PLANAR : undefined);
  const axes = widths.length / 2;
  const last = { op: 'Identity', inputs: [turned ? planar(0) : plain(0)], attributes: {} };
  const whole = Array.from({ length: axes }, (_, axis) => axis).reduce((result: Joined, axis) => {
    const [before, after] = [widths[axis], widths[axis + axes]];
    if (before === 0 && after === 0) return result;
    const value =
      result === last ? result.inputs[0] : step(result.op, result.inputs, result.attributes);
    const lead = before > 0 ? [backwards(conversion, value, axis, before - 1, LEAST)] : [];
    const tail = after > 0 ? [backwards(conversion, value, axis, -1, -1 - after)] : [];
    return {
      op: 'Concat',
      inputs: [...lead, value, ...tail],
      attributes: { axis: attr.int(axis) },
    };
  }, last);
  if (turned) conversion.planarResult(whole);
  else conversion.plainResult({ ...whole, rank: rank(0) });
};

type Joined = Pick<Result, 'op' | 'inputs' | 'attributes'>;

/** As the end of a slice that goes backwards: the first element is taken too. */
const LEAST = -(2 ** 31);

/** The elements of an axis from `start` down to `end` (exclusive). */
function backwards(
  { put, step }: Conversion,
  value: string,
  axis: number,
  start: number,
  end: number,
): string {
  const bounds = [start, end, axis, -1].map((bound) => put(ints([1], [bound]), 'bound'));
  return step('Slice', [value, ...bounds]);
}

const mirror: Converter = (conversion) => {
  const mode = conversion.attributes.text('mode', 'REFLECT');
  if (mode !== 'REFLECT' && mode !== 'SYMMETRIC') throw new Error('its mode is not known');
  (mode === 'REFLECT' ? reflect : symmetric)(conversion);
};

export const paddings: Converters = { Pad: constant, PadV2: constant, MirrorPad: mirror };
