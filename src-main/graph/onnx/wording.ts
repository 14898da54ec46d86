import { GraphError } from '../errors.ts';

const LONGEST = 120;

/** A name from a file, made fit for a sentence: no control characters, not longer than a line. */
export function printable(name: string): string {
  // Names come from the file, and a terminal obeys control characters.
  const clean = name.replace(/\p{C}/gu, '�');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

export function badGraph(sentence: string): GraphError {
  return new GraphError('bad-graph', sentence);
}
