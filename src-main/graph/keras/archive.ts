import { fromFd, type Entry, type ZipFile } from 'yauzl';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { GraphError } from '../errors.ts';

/** The members of a `.keras` file that are read; nothing is ever unpacked to the disk. */
const MEMBERS = ['metadata.json', 'config.json', 'model.weights.h5'] as const;
type Member = (typeof MEMBERS)[number];

const MOST_ENTRIES = 1000;
const MOST_TEXT = 2 ** 26;
const MOST_WEIGHTS = 2 ** 31;
/** Weights hardly shrink when they are packed: what grows beyond this is made to fill the memory. */
const MOST_GROWTH = 4;

/**
 * Reads a `.keras` file, a ZIP archive of a configuration and its weights.
 * @param name of the file, for error sentences
 * @throws GraphError `truncated`, `too-large` or `not-a-model`
 */
export async function readArchive(
  path: string,
  name: string,
): Promise<ReadonlyMap<Member, Uint8Array>> {
  const file = openSync(path, 'r');
  try {
    return await membersOf(file, name);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError(
      'truncated',
      `${name} is no readable ZIP archive: it is cut off or damaged; fetch or save it again.`,
      { cause: error },
    );
  } finally {
    closeSync(file);
  }
}

async function membersOf(file: number, name: string): Promise<Map<Member, Uint8Array>> {
  const open = promisify<number, object, ZipFile>(fromFd);
  const zip = await open(file, { lazyEntries: true, autoClose: false });
  if (zip.entryCount > MOST_ENTRIES) {
    throw new GraphError('too-large', `${name} holds more files than any Keras model.`);
  }
  const found = new Map<Member, Uint8Array>();
  for await (const entry of entriesOf(zip)) {
    const member = MEMBERS.find((each) => each === entry.fileName);
    if (member) found.set(member, await unpack(zip, entry, name));
  }
  return found;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip
        .once('entry', resolve)
        .once('end', () => resolve(undefined))
        .once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners();
    if (!entry) return;
    yield entry;
  }
}

/** yauzl ends a member that holds more or less than it says. */
async function unpack(zip: ZipFile, entry: Entry, name: string): Promise<Uint8Array> {
  const { uncompressedSize: size, compressedSize: packed, fileName } = entry;
  const most = fileName.endsWith('.json') ? MOST_TEXT : MOST_WEIGHTS;
  if (size > most || size > MOST_TEXT + MOST_GROWTH * packed) {
    throw new GraphError('too-large', `${name} holds more than any classifier.`);
  }
  const stream = await promisify(zip.openReadStream.bind(zip) as Opener)(entry);
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of stream) {
    bytes.set(part as Buffer, at);
    at += part.length;
  }
  return bytes;
}

type Opener = (
  entry: Entry,
  done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
) => void;
