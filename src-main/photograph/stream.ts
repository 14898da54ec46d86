import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from './decode.ts';
import { codeOf, PhotographError } from './errors.ts';
import type { ImageFile, Skipped } from './image-set.ts';
import { look, type View } from './view.ts';

/** Photographs that are decoded before they are asked for: enough to keep an engine busy, few enough for memory. */
const AHEAD = 2;

/** A photograph as a classifier sees it, before preprocessing. */
export interface Photograph {
  readonly file: ImageFile;
  /** Planar [channels, height, width] in [0, 1]. */
  readonly pixels: Float32Array;
}

/**
 * Reads one photograph.
 * @returns planar [channels, height, width] in [0, 1]: RGB, or ITU-R 601 luma where the view has one channel
 * @throws PhotographError when it cannot be read
 */
export async function readPhotograph(path: string, view: View, name = path): Promise<Float32Array> {
  const contents = await readFile(path).catch((error: unknown) => {
    throw new PhotographError(`${name} cannot be read (${codeOf(error)}).`, { cause: error });
  });
  return look(await decode(contents, name, view.channels), view);
}

/**
 * Reads photographs one after another, in order, and a few ahead; memory does not grow with their number.
 * @param skipped receives what turns out to be damaged behind its header
 */
export async function* photographs(
  folder: string,
  files: readonly ImageFile[],
  view: View,
  skipped: Skipped[],
): AsyncGenerator<Photograph> {
  const read = (file: ImageFile) =>
    readPhotograph(join(folder, file.name), view, file.name).catch((error: unknown) => error);
  const ahead: Promise<unknown>[] = [];
  for (let i = 0; i < files.length; i++) {
    while (ahead.length <= AHEAD && i + ahead.length < files.length)
      ahead.push(read(files[i + ahead.length]));
    const pixels = await ahead.shift();
    if (pixels instanceof Float32Array) yield { file: files[i], pixels };
    else if (pixels instanceof PhotographError) {
      skipped.push({ name: files[i].name, reason: pixels.message });
    } else throw pixels;
  }
}
