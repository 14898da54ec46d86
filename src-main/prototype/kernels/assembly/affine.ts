/** Bytes of a table's entry: four weights, float32; then where to read and where to write, in bytes, each a u32. */
const ENTRY: usize = 24;

/**
 * Streams of rows that a table takes turns with. Neighbouring pixels read and, in the adjoint, write the same places:
 * one right after the other, the second would wait for the first one's write to arrive in memory.
 */
const STREAMS: i32 = 4;

/**
 * Works out which elements each pixel reads under the inverse map, and with which weights. A pixel that reads nothing
 * but the outside has no entry.
 * @param cosine, sine of the rotation, divided by the magnification
 * @param shiftX, shiftY in pixels
 * @returns number of entries
 */
export function drawTable(
  table: usize,
  height: i32,
  width: i32,
  cosine: f64,
  sine: f64,
  shiftX: f64,
  shiftY: f64,
): i32 {
  const rows = (height + STREAMS - 1) / STREAMS;
  const lastX = <f64>(width - 1);
  const lastY = <f64>(height - 1);
  const startX = lastX / 2 - cosine * (lastX / 2 + shiftX) - sine * (lastY / 2 + shiftY);
  const startY = lastY / 2 + sine * (lastX / 2 + shiftX) - cosine * (lastY / 2 + shiftY);
  let entry = table;
  for (let first = 0; first < rows; first++) {
    for (let column = 0; column < width; column++) {
      for (let stream = 0; stream < STREAMS; stream++) {
        const row = stream * rows + first;
        if (row >= height) continue;
        const x = startX + cosine * column + sine * row;
        const y = startY - sine * column + cosine * row;
        if (x >= 0 && x < lastX && y >= 0 && y < lastY) {
          enterInside(entry, row * width + column, x, y, width);
          entry += ENTRY;
        } else if (x > -1 && x < width && y > -1 && y < height) {
          enterRim(entry, row * width + column, x, y, height, width);
          entry += ENTRY;
        }
      }
    }
  }
  return <i32>((entry - table) / ENTRY);
}

/** An entry whose four neighbours all lie inside. */
// @ts-ignore: decorator
@inline
function enterInside(entry: usize, target: i32, x: f64, y: f64, width: i32): void {
  const left = <i32>x;
  const top = <i32>y;
  const across = <f32>(x - left);
  const down = <f32>(y - top);
  // Top left, top right, bottom left, bottom right.
  const columns = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(across), 0, 1 - across), 2, 1 - across);
  const rows = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(down), 0, 1 - down), 1, 1 - down);
  v128.store(entry, f32x4.mul(columns, rows));
  store<i32>(entry, (top * width + left) << 2, 16);
  store<i32>(entry, target << 2, 20);
}

/**
 * At the rim the pair of neighbours is moved inside, and the weight of the one outside is 0, so that sampling needs no
 * test. Where the image is one pixel thin the second of a pair is another pixel, or lies behind the image, with
 * weight 0.
 */
// @ts-ignore: decorator
@inline
function enterRim(entry: usize, target: i32, x: f64, y: f64, height: i32, width: i32): void {
  const left = min(max(<i32>floor(x), 0), max(width - 2, 0));
  const top = min(max(<i32>floor(y), 0), max(height - 2, 0));
  const leftWeight = max<f64>(0, 1 - abs(x - left));
  const topWeight = max<f64>(0, 1 - abs(y - top));
  const rightWeight = width > 1 ? max<f64>(0, 1 - abs(x - left - 1)) : 0;
  const belowWeight = height > 1 ? max<f64>(0, 1 - abs(y - top - 1)) : 0;
  store<f32>(entry, <f32>(topWeight * leftWeight));
  store<f32>(entry, <f32>(topWeight * rightWeight), 4);
  store<f32>(entry, <f32>(belowWeight * leftWeight), 8);
  store<f32>(entry, <f32>(belowWeight * rightWeight), 12);
  store<i32>(entry, (top * width + left) << 2, 16);
  store<i32>(entry, target << 2, 20);
}

/**
 * Samples one plane.
 * @param below bytes from an element to the one below; 0 where the image is one pixel high
 * @param out zeroes where no entry writes
 */
export function gather(table: usize, count: i32, below: usize, image: usize, out: usize): void {
  const end = table + <usize>count * ENTRY;
  for (let entry = table; entry < end; entry += ENTRY) {
    const source = image + load<u32>(entry, 16);
    const pairs = v128.load64_lane(source + below, v128.load64_zero(source), 1);
    const parts = f32x4.mul(pairs, v128.load(entry));
    const halves = f32x4.add(parts, v128.shuffle<i32>(parts, parts, 2, 3, 0, 1));
    const whole = f32x4.add(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2));
    v128.store_lane<f32>(out + load<u32>(entry, 20), whole, 0);
  }
}

/** The transpose of `gather`: adds gain · Aᵀ `gradient` to `out`, one plane. */
export function scatter(
  table: usize,
  count: i32,
  below: usize,
  gain: f32,
  gradient: usize,
  out: usize,
): void {
  const end = table + <usize>count * ENTRY;
  for (let entry = table; entry < end; entry += ENTRY) {
    const value = gain * load<f32>(gradient + load<u32>(entry, 20));
    const shares = f32x4.mul(f32x4.splat(value), v128.load(entry));
    const upper = out + load<u32>(entry, 16);
    v128.store64_lane(upper, f32x4.add(v128.load64_zero(upper), shares), 0);
    const lower = upper + below;
    v128.store64_lane(
      lower,
      f32x4.add(v128.load64_zero(lower), v128.shuffle<i32>(shares, shares, 2, 3, 0, 1)),
      0,
    );
  }
}
