/** Pixels as a canvas gives them: red, green, blue, alpha, 0 … 255. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Rec. 709 luma of a pixel, 0 … 255. */
const luma = (data: Uint8ClampedArray, at: number): number =>
  0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];

/** Ends of a scale that people who confuse red and green tell apart: blue for darker, orange for lighter. */
const darker = [33, 102, 172];
const middle = [247, 247, 247];
const lighter = [204, 85, 0];

/**
 * Signed difference of luma, b − a: white is equal, blue is darker in b, orange is lighter in b.
 *
 * @param a, b of the same size
 * @returns the picture, and the luma difference (0 … 255) that the ends of the scale stand for
 */
export function signedDifference(
  a: Pixels,
  b: Pixels,
): { pixels: Uint8ClampedArray<ArrayBuffer>; most: number } {
  const count = a.width * a.height;
  const differences = new Float32Array(count);
  let most = 0;
  for (let i = 0; i < count; i++) {
    differences[i] = luma(b.data, 4 * i) - luma(a.data, 4 * i);
    most = Math.max(most, Math.abs(differences[i]));
  }
  const pixels = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const share = most === 0 ? 0 : differences[i] / most;
    const end = share < 0 ? darker : lighter;
    for (let channel = 0; channel < 3; channel++) {
      pixels[4 * i + channel] =
        middle[channel] + Math.abs(share) * (end[channel] - middle[channel]);
    }
    pixels[4 * i + 3] = 255;
  }
  return { pixels, most };
}
