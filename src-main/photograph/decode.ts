import sharp, { type Sharp } from 'sharp';
import { PhotographError } from './errors.ts';
import type { Raster } from './raster.ts';

/** Pixels that a photograph may have, by default: a small file can unfold to gigabytes. */
const MAX_PIXELS = 100e6;

/** Formats that are decoded. Drawings (SVG) and documents (PDF) are not photographs, and may refer to other files. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/**
 * Decodes a photograph to 8-bit RGB, or to grey.
 *
 * The same bytes as Pillow's `convert('RGB')` for JPEG, PNG, WebP: alpha is dropped, not blended, and embedded colour
 * profiles are ignored, since that is how the classifiers' training sets were read. Two things differ on purpose: the
 * EXIF orientation is honoured, so that a person and the classifier see the same way up, and CMYK is converted through
 * a print profile. Grey is ITU-R 601 luma of the RGB samples, as Pillow's mode `L`. Of an animation, the first frame.
 *
 * @param file contents of an image file
 * @param name what to call it in an error
 * @throws PhotographError when it is no image, is damaged or truncated, or has too many pixels
 */
export async function decode(
  file: Uint8Array,
  name: string,
  channels: 1 | 3,
  maxPixels = MAX_PIXELS,
): Promise<Raster> {
  try {
    const image = open(file, maxPixels);
    const { format } = await image.metadata();
    if (!FORMATS.has(format)) throw new Error(`it is ${format.toUpperCase()}, not a photograph`);
    const { data, info } = await image
      .autoOrient()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return inChannels({ ...info, data }, channels);
  } catch (error) {
    throw unreadable(name, error as Error, maxPixels);
  }
}

/** Checks a file's header alone. @throws PhotographError as `decode` does, but for damage behind the header. */
export async function inspect(
  file: Uint8Array,
  name: string,
  maxPixels = MAX_PIXELS,
): Promise<void> {
  try {
    const { format, width, height } = await open(file, maxPixels).metadata();
    if (!FORMATS.has(format)) throw new Error(`it is ${format.toUpperCase()}, not a photograph`);
    if (width * height > maxPixels) throw new Error('pixel limit');
  } catch (error) {
    throw unreadable(name, error as Error, maxPixels);
  }
}

function open(file: Uint8Array, maxPixels: number): Sharp {
  if (isHeic(file)) throw new Error('it is HEIC, which cannot be decoded here; save it as JPEG');
  return sharp(file, { limitInputPixels: maxPixels, failOn: 'error', ignoreIcc: true });
}

/** The brands of HEVC in HEIF (ISO/IEC 23008-12, annex B): its decoder is not free. AVIF, in the same container, is. */
function isHeic(file: Uint8Array): boolean {
  const box = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 256));
  if (box.toString('latin1', 4, 8) !== 'ftyp') return false;
  const brands: string[] = box.toString('latin1', 8, box.readUInt32BE(0)).match(/.{4}/gs) ?? [];
  return brands.some((brand) => /^(hei[cxms]|hev[cxms])$/.test(brand)) && !brands.includes('avif');
}

function inChannels(
  image: { width: number; height: number; channels: number; data: Uint8Array },
  wanted: 1 | 3,
): Raster {
  const { width, height, channels, data } = image;
  const rgb = channels === 1 ? spread(data) : data;
  return { width, height, channels: wanted, data: wanted === 1 ? luma(rgb) : rgb };
}

function spread(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * grey.length);
  grey.forEach((value, i) => rgb.fill(value, 3 * i, 3 * i + 3));
  return rgb;
}

/** ITU-R 601 luma in Pillow's 16-bit fixed point: weights 0.299, 0.587, 0.114. */
function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (rgb[at] * 19595 + rgb[at + 1] * 38470 + rgb[at + 2] * 7471 + 0x8000) >> 16;
  }
  return grey;
}

function unreadable(name: string, error: Error, maxPixels: number): PhotographError {
  const reason = error.message.includes('pixel limit')
    ? `it has more than ${maxPixels / 1e6} million pixels`
    : error.message
        .split('\n')[0]
        .replace(/^Input buffer (contains|has)/, 'it has')
        .replace(/\.$/, '');
  return new PhotographError(`${name} cannot be read as a photograph: ${reason}.`, {
    cause: error,
  });
}
