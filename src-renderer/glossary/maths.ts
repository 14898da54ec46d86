/** A piece of an equation: text for what has none inside, else an element of MathML with its pieces. */
export interface Piece {
  readonly tag: string;
  readonly inside: string | readonly Piece[];
}

const leaf =
  (tag: string) =>
  (inside: string): Piece => ({ tag, inside });
const tree =
  (tag: string) =>
  (...inside: readonly Piece[]): Piece => ({ tag, inside });

/** A variable. */
export const v = leaf('mi');
/** A number. */
export const n = leaf('mn');
/** An operator. */
export const o = leaf('mo');
/** Words. */
export const words = leaf('mtext');
export const row = tree('mrow');
export const frac = tree('mfrac');
export const sub = tree('msub');
const sup = tree('msup');
/** A sign with something below it, such as what a sum runs over. */
const under = tree('munder');

export const sumOver = (...index: readonly Piece[]): Piece => under(o('∑'), row(...index));
/** The mean of a variable. */
export const mean = (name: string): Piece => tree('mover')(v(name), o('¯'));
export const inBrackets = (...pieces: readonly Piece[]): Piece => row(o('('), ...pieces, o(')'));
export const size = (...pieces: readonly Piece[]): Piece => row(o('|'), ...pieces, o('|'));
export const square = (...pieces: readonly Piece[]): Piece => sup(inBrackets(...pieces), n('2'));
/** A variable with a word as its index. */
export const named = (name: string, index: string): Piece => sub(v(name), words(index));
