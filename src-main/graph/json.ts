import { GraphError } from './errors.ts';

/** Networks of ten thousand layers have less than a tenth of it. */
const MOST_PARTS = 2 ** 22;
const PARTS: ReadonlySet<number> = new Set(Buffer.from('[{,'));

/**
 * Parses JSON of a model file. Its lists, objects and elements are counted before: two bytes of an empty list become
 * fifty in memory, so a text that the size allows could fill it.
 * @param bytes UTF-8
 * @param name of the file, for the sentence
 * @throws GraphError `too-large`, or what `JSON.parse` and the decoder throw
 */
export function parseJson(bytes: Uint8Array, name: string): unknown {
  let parts = 0;
  for (const byte of bytes) if (PARTS.has(byte)) parts++;
  if (parts > MOST_PARTS) {
    throw new GraphError(
      'too-large',
      `${name} lists more than any classifier has; it is damaged or made to fill the memory.`,
    );
  }
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}
