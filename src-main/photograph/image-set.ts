import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from './decode.ts';
import { codeOf, PhotographError } from './errors.ts';
import { byName, filesBelow, listing, type Listing } from './listing.ts';
import { matchClass, nearestLabels, type ClassNames } from './match.ts';

/** Bytes that one file may have: larger ones are no photographs. */
const MAX_BYTES = 256 * 2 ** 20;

export interface ImageFile {
  /** Path relative to the set's folder, with `/` between its parts. */
  readonly name: string;
  /** SHA-256 of the contents, lower-case hexadecimal. */
  readonly sha256: string;
}

/** Photographs of one class, sorted by name. */
export interface ImageClass {
  /** Index among the classifier's outputs. */
  readonly index: number;
  readonly label: string;
  readonly files: readonly ImageFile[];
  /** SHA-256 over the names and contents of these files. */
  readonly fingerprint: string;
}

export interface Skipped {
  readonly name: string;
  /** One sentence. */
  readonly reason: string;
}

/** A folder of natural images, as found. */
export interface ImageSet {
  readonly folder: string;
  /** SHA-256 over the relative names and contents of all files in `classes`. */
  readonly fingerprint: string;
  /** Classes that have photographs, by rising index. */
  readonly classes: readonly ImageClass[];
  /** Files that are left out, and why. */
  readonly skipped: readonly Skipped[];
  /** Folders that no class of the classifier is named after. */
  readonly unmatched: readonly string[];
}

export interface ImageSetOptions extends ClassNames {
  /** The class that a folder without folders in it shows. */
  readonly only?: number;
  /** Classes that are wanted; the folders of others are not read. All by default. */
  readonly among?: readonly number[];
  /** Stops within a file. */
  readonly signal?: AbortSignal;
  /** Called after each file, with how many are read and how many there are. */
  readonly onFile?: (done: number, total: number) => void;
}

/**
 * Finds the photographs in a folder: a folder of folders, one per class, or one flat folder for the class `only`.
 * Every file is read once, for its fingerprint and its header. Links are followed, hidden files passed over.
 *
 * @throws PhotographError when the folder is missing or empty, when no folder matches a class (with the nearest names),
 * or when not one file can be read; the signal's reason when it is aborted
 */
export async function imageSet(folder: string, options: ImageSetOptions): Promise<ImageSet> {
  const { folders, files } = await list(folder);
  const { groups, unmatched } = await group(folder, folders, files, options);
  const skipped: Skipped[] = [];
  if (folders.length > 0) {
    for (const name of files)
      skipped.push({ name, reason: `${name} lies outside of the class folders.` });
  }
  const classes: ImageClass[] = [];
  const onFile = counted(groups, options.onFile);
  for (const [index, names] of [...groups].sort(([a], [b]) => a - b)) {
    const read = await readAll(folder, names.sort(byName), skipped, {
      ...options,
      onFile,
    });
    if (read.length === 0) continue;
    classes.push({
      index,
      label: options.labels[index],
      files: read,
      fingerprint: fingerprint(read),
    });
  }
  if (classes.length === 0) throw nothingReadable(folder, skipped);
  const all = classes.flatMap((each) => each.files).sort((a, b) => byName(a.name, b.name));
  return { folder, fingerprint: fingerprint(all), classes, skipped, unmatched };
}

async function list(folder: string): Promise<Listing> {
  const found = await listing(folder).catch((error: unknown) => {
    throw new PhotographError(whyNotListed(folder, codeOf(error)), { cause: error });
  });
  if (found.folders.length + found.files.length === 0) {
    throw new PhotographError(
      `The folder ${folder} is empty; put photographs in it, one folder per class.`,
    );
  }
  return found;
}

/** Names of files by class index. */
async function group(folder: string, folders: string[], files: string[], options: ImageSetOptions) {
  const groups = new Map<number, string[]>();
  const unmatched: string[] = [];
  if (folders.length === 0) {
    if (options.only === undefined) throw whichClass(folder);
    groups.set(options.only, files);
    return { groups, unmatched };
  }
  const others: string[] = [];
  for (const name of folders) {
    const index = matchClass(name, options);
    if (index === undefined) unmatched.push(name);
    else if (options.among && !options.among.includes(index)) others.push(name);
    else groups.set(index, [...(groups.get(index) ?? []), ...(await within(folder, name))]);
  }
  if (groups.size === 0 && others.length > 0) throw ofOthers(folder, others);
  if (groups.size === 0) throw noMatch(folder, unmatched, options.labels);
  return { groups, unmatched };
}

/** All files below one class folder, named from the set's folder on. */
async function within(folder: string, name: string): Promise<string[]> {
  return (await filesBelow(join(folder, name))).map((file) => `${name}/${file}`);
}

/** Tells of one file more at each call. */
function counted(
  groups: ReadonlyMap<number, readonly string[]>,
  onFile: ImageSetOptions['onFile'],
): () => void {
  const total = [...groups.values()].reduce((sum, names) => sum + names.length, 0);
  let done = 0;
  return () => onFile?.(++done, total);
}

async function readAll(
  folder: string,
  names: readonly string[],
  skipped: Skipped[],
  { signal, onFile }: { readonly signal?: AbortSignal; readonly onFile: () => void },
): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for (const name of names) {
    signal?.throwIfAborted();
    try {
      files.push({ name, sha256: await hashChecked(join(folder, name), name) });
    } catch (error) {
      skipped.push({ name, reason: (error as Error).message });
    }
    onFile();
  }
  return files;
}

async function hashChecked(path: string, name: string): Promise<string> {
  if ((await stat(path)).size > MAX_BYTES) {
    throw new PhotographError(
      `${name} is larger than ${MAX_BYTES / 2 ** 20} MB, so it is no photograph.`,
    );
  }
  const contents = await readFile(path);
  await inspect(contents, name);
  return createHash('sha256').update(contents).digest('hex');
}

/** SHA-256 over lines of name, a zero byte and content hash; names cannot hold a zero byte. */
export function fingerprint(files: readonly ImageFile[]): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of files) hash.update(`${name}\0${sha256}\n`);
  return hash.digest('hex');
}

function whyNotListed(folder: string, code: string): string {
  if (code === 'ENOENT') return `There is no folder ${folder}; check the path of the images.`;
  if (code === 'ENOTDIR') return `${folder} is a file; name the folder that holds the images.`;
  return `The folder ${folder} cannot be read (${code}); check its permissions.`;
}

function whichClass(folder: string): PhotographError {
  return new PhotographError(
    `The folder ${folder} has no folders in it; name the one class that it shows, or make one folder per class.`,
  );
}

function ofOthers(folder: string, others: readonly string[]): PhotographError {
  const shown = others.slice(0, 3).join(', ');
  return new PhotographError(
    `The folder ${folder} has no photographs of the classes that are asked for; it has ${shown}${others.length > 3 ? ', …' : ''}.`,
  );
}

function noMatch(
  folder: string,
  unmatched: readonly string[],
  labels: readonly string[],
): PhotographError {
  const near = nearestLabels(unmatched[0], labels).map((label) => `"${label}"`);
  return new PhotographError(
    `No folder in ${folder} is named after a class of this model: "${unmatched[0]}" is nearest to ${near.join(', ')}.`,
  );
}

function nothingReadable(folder: string, skipped: readonly Skipped[]): PhotographError {
  const first = skipped.length > 0 ? ` (first: ${skipped[0].reason.replace(/\.$/, '')})` : '';
  return new PhotographError(
    `Not one file in ${folder} can be read as a photograph${first}; check the folder.`,
  );
}
