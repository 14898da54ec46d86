import sharp from 'sharp';
import { html, type Markup } from './markup.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Pixels of the longer side up to which a picture stands in the gallery as it is. */
const SMALL = 128;
/** Longer side of what stands there for a larger one. */
const THUMBNAIL = 192;

/** Pictures as a page holds them: inside itself. */
export interface Album {
  /** A small look at a picture. @param text what it shows, for those who do not see it */
  readonly small: (hash: string | undefined, text: string) => Markup;
  /** The picture itself, to the last pixel. */
  readonly whole: (hash: string | undefined, text: string) => Markup;
}

interface Look {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/**
 * @param picture PNG by its hash
 * @param before hears of every picture that its turn has come; what it throws ends the work
 */
export async function openAlbum(
  hashes: readonly string[],
  picture: (hash: string) => Uint8Array,
  before: () => void = () => undefined,
): Promise<Album> {
  const small = new Map<string, Look>();
  for (const hash of hashes) {
    before();
    const look = await smallLook(picture(hash));
    if (look) small.set(hash, look);
  }
  const wholeLook = (hash: string): Look | undefined =>
    small.has(hash) ? lookOf(picture(hash), 'png') : undefined;
  return {
    small: (hash, text) => show(hash === undefined ? undefined : small.get(hash), text),
    whole: (hash, text) => show(hash === undefined ? undefined : wholeLook(hash), text),
  };
}

function show(look: Look | undefined, text: string): Markup {
  if (!look) return html`<span class="no-picture">no picture</span>`;
  const { uri, width, height } = look;
  return html`<img src="${uri}" width="${width}" height="${height}" alt="${text}" />`;
}

/** @returns undefined for what is no PNG */
async function smallLook(bytes: Uint8Array): Promise<Look | undefined> {
  if (!PNG.equals(bytes.subarray(0, PNG.length))) return undefined;
  const look = lookOf(bytes, 'png');
  if (Math.max(look.width, look.height) <= SMALL) return look;
  const { data, info } = await sharp(bytes)
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside' })
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
    .toBuffer({ resolveWithObject: true });
  return { uri: dataUri(data, 'jpeg'), width: info.width, height: info.height };
}

/** Size and content of a PNG, whose header comes first. */
function lookOf(bytes: Uint8Array, type: string): Look {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    uri: dataUri(header, type),
    width: header.readUInt32BE(16),
    height: header.readUInt32BE(20),
  };
}

const dataUri = (bytes: Buffer, type: string): string =>
  `data:image/${type};base64,${bytes.toString('base64')}`;
