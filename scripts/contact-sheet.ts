/**
 * Lays pictures of one size out in rows, for documentation:
 *
 *   node scripts/contact-sheet.ts OUT COLUMNS SIDE PICTURE.png …
 *
 * COLUMNS pictures a row, each enlarged or reduced to SIDE pixels; a small one keeps its pixels visible. OUT's ending
 * names the format: png keeps every value, webp is small.
 */
import sharp from 'sharp';

const GAP = 4;
const [out, columnsText, sideText, ...pictures] = process.argv.slice(2);
const [columns, side] = [Number(columnsText), Number(sideText)];
if (!(columns > 0 && side > 0 && pictures.length > 0)) {
  throw new Error('usage: contact-sheet.ts OUT COLUMNS SIDE PICTURE.png …');
}

async function fitted(path: string): Promise<Buffer> {
  const { width } = await sharp(path).metadata();
  const kernel = width < side ? 'nearest' : 'lanczos3';
  return sharp(path).resize(side, side, { kernel }).toColourspace('srgb').png().toBuffer();
}

const rows = Math.ceil(pictures.length / columns);
const tiles = await Promise.all(pictures.map(fitted));
await sharp({
  create: {
    width: columns * (side + GAP) - GAP,
    height: rows * (side + GAP) - GAP,
    channels: 3,
    background: '#ffffff',
  },
})
  .composite(
    tiles.map((input, i) => ({
      input,
      left: (i % columns) * (side + GAP),
      top: Math.floor(i / columns) * (side + GAP),
    })),
  )
  .toFile(out);
