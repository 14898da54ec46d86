import type { Model, Tile } from '../../src-main/api/audit.ts';
import type { Column, Row } from './matrix.ts';

/** Columns of a gallery in which neither row nor column tells the class or the model. */
const COLUMNS = 6;

/** A whole number's place in an order that follows nothing: the finaliser of MurmurHash3. */
function scattered(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The same tiles in an order that is always the same and says nothing of class, model and profile. */
export const shuffled = (tiles: readonly Tile[]): Tile[] =>
  tiles.toSorted((a, b) => scattered(a.runId) - scattered(b.runId) || a.runId - b.runId);

/** A tile without anything that tells what it is of; its profile is empty. */
export const veiled = (
  { runId, modelId, classIndex, prototypeIndex, state, imageHash }: Tile,
  number: number,
): Tile => ({
  ...{ runId, modelId, classIndex, prototypeIndex, state, imageHash },
  ...{ profile: '', label: `Prototype ${number}` },
});

export const isVeiled = ({ profile }: Tile): boolean => profile === '';

const NAMELESS: Model = { id: -1, name: '', classes: 0, height: 1, width: 1 };

export const blindColumns: readonly Column[] = Array.from({ length: COLUMNS }, (_, index) => ({
  ...{ key: `blind ${index}`, model: NAMELESS, profile: '', index },
}));

/** Tiles row by row, as many as there are columns; a row is named by its numbers. */
export function blindRows(tiles: readonly Tile[]): Row[] {
  return Array.from({ length: Math.ceil(tiles.length / COLUMNS) }, (_, row) => {
    const own = tiles.slice(row * COLUMNS, (row + 1) * COLUMNS);
    return { classIndex: row, label: '', tiles: own };
  });
}
