/** Hues that a picture is sorted into: the ten of the sample's colours, 36 degrees apart from red on. */
const HUES = 10;

/**
 * The dominant hue of a picture: each pixel votes for the nearest of ten hues with its chroma (its largest channel
 * minus its smallest), so that grey has no say.
 * @param pixels planar RGB in [0, 1]
 * @returns index of the hue, 0 for red, 36 degrees a step
 */
export function dominantHue(pixels: Float32Array): number {
  const votes = new Float64Array(HUES);
  const area = pixels.length / 3;
  for (let i = 0; i < area; i++) {
    const { hue, chroma } = hueOf(pixels[i], pixels[area + i], pixels[2 * area + i]);
    votes[Math.round(hue / (360 / HUES)) % HUES] += chroma;
  }
  return votes.indexOf(Math.max(...votes));
}

/** Hue in degrees and chroma of a colour (Smith 1978, the hexcone model). */
function hueOf(red: number, green: number, blue: number): { hue: number; chroma: number } {
  const high = Math.max(red, green, blue);
  const chroma = high - Math.min(red, green, blue);
  if (chroma === 0) return { hue: 0, chroma };
  const sixth =
    high === red
      ? (green - blue) / chroma
      : high === green
        ? 2 + (blue - red) / chroma
        : 4 + (red - green) / chroma;
  return { hue: (sixth * 60 + 360) % 360, chroma };
}
