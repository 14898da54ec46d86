import { floats } from '../../graph/tensor.ts';
import type { Tensor } from '../../graph/ir.ts';

/**
 * The inverse discrete Fourier transform of a real image as two products with fixed matrices (Cooley, Lewis and
 * Welch 1969 for the half spectrum). A spectrum of an image [H, W] is stored as [2H, K], K = floor(W / 2) + 1: row 2u
 * holds the real and row 2u + 1 the imaginary parts of vertical frequency u. With A = `down` · spectrum, of the same
 * layout, read as [H, 2K], the image is A · `across`.
 */
export const halfWidth = (width: number): number => Math.floor(width / 2) + 1;

/** Cosine and sine of 2π · product / period; the product is reduced first, so that large ones stay exact. */
function turn(product: number, period: number): [number, number] {
  const angle = (2 * Math.PI * (product % period)) / period;
  return [Math.cos(angle), Math.sin(angle)];
}

/** The complex inverse transform along the height, [2H, 2H], acting on interleaved real and imaginary rows. */
export function down(height: number): Tensor {
  const size = 2 * height;
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < height; row++) {
    for (let frequency = 0; frequency < height; frequency++) {
      const [cosine, sine] = turn(row * frequency, height);
      const at = 2 * row * size + 2 * frequency;
      matrix[at] = cosine;
      matrix[at + 1] = -sine;
      matrix[at + size] = sine;
      matrix[at + size + 1] = cosine;
    }
  }
  return floats([size, size], matrix);
}

/**
 * The inverse transform along the width to real values, [2K, W]: the first K rows act on real, the others on
 * imaginary parts. Every frequency but 0 and, at an even width, the highest stands for its mirror image too.
 */
export function across(width: number): Tensor {
  const half = halfWidth(width);
  const matrix = new Float32Array(2 * half * width);
  for (let frequency = 0; frequency < half; frequency++) {
    const count = frequency === 0 || 2 * frequency === width ? 1 : 2;
    for (let column = 0; column < width; column++) {
      const [cosine, sine] = turn(frequency * column, width);
      matrix[frequency * width + column] = count * cosine;
      matrix[(half + frequency) * width + column] = -count * sine;
    }
  }
  return floats([2 * half, width], matrix);
}

/** Frequency of each coefficient in cycles a pixel, for one of the two rows of each vertical frequency: [H, K]. */
export function frequencies(height: number, width: number): Float64Array {
  const half = halfWidth(width);
  return Float64Array.from({ length: height * half }, (_, i) => {
    const row = Math.floor(i / half);
    const vertical = Math.min(row, height - row) / height;
    return Math.hypot(vertical, (i % half) / width);
  });
}
