/** An Einstein summation, with every index a letter of its own: `terms` one per operand, then the result's. */
export interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Reads an equation such as `bhid,bhjd->bhij`, for operands of given ranks. An ellipsis becomes as many fresh letters
 * as it stands for; a result that is not written is what numpy infers.
 * @throws Error when it does not fit the ranks, or repeats an index within a term (a diagonal)
 */
export function parseEquation(text: string, ranks: readonly number[]): Equation {
  const [left, right] = text.replaceAll(' ', '').split('->');
  const written = left.split(',');
  if (written.length !== ranks.length) {
    throw new Error(`the equation ${text} has ${written.length} terms for ${ranks.length} inputs`);
  }
  const fresh = Array.from(LETTERS).filter((letter) => !text.includes(letter));
  const covered = written.map((term, i) => ranks[i] - term.replace('...', '').length);
  const dotted = new Set(covered.filter((_, i) => written[i].includes('...')));
  // onnxruntime 1.30 crashes the process on such an equation.
  if (dotted.size > 1)
    throw new Error(`the ellipsis in ${text} stands for different numbers of axes`);
  const ellipsis = fresh.slice(0, [...dotted][0] ?? 0).join('');
  const expand = (term: string): string => term.replace('...', ellipsis);
  const terms = written.map(expand);
  terms.forEach((term, i) => check(term, ranks[i], text));
  const result = right === undefined ? inferred(terms, ellipsis) : expand(right);
  return { terms, result };
}

function check(term: string, rank: number, text: string): void {
  if (!/^[A-Za-z]*$/.test(term) || term.length !== rank) {
    throw new Error(`the equation ${text} does not fit an input of rank ${rank}`);
  }
  if (new Set(term).size !== term.length) {
    throw new Error(`the equation ${text} takes a diagonal, which is not supported`);
  }
}

/** The ellipsis first, then the indices that occur once, in alphabetical order. */
function inferred(terms: readonly string[], ellipsis: string): string {
  const all = terms.join('');
  const once = Array.from(all).filter((letter) => all.split(letter).length === 2);
  return (
    ellipsis +
    once
      .filter((letter) => !ellipsis.includes(letter))
      .sort()
      .join('')
  );
}

/** Size of every index. @throws Error when two operands disagree and neither has 1 */
export function sizesOf(
  { terms, result }: Equation,
  shapes: readonly (readonly number[])[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  terms.forEach((term, i) => {
    Array.from(term).forEach((letter, axis) => {
      const size = shapes[i][axis];
      const known = sizes.get(letter) ?? 1;
      if (known !== 1 && size !== 1 && known !== size) {
        throw new Error(`the index ${letter} has the sizes ${known} and ${size}`);
      }
      sizes.set(letter, known === 1 ? size : known);
    });
  });
  const missing = Array.from(result).find((letter) => !sizes.has(letter));
  if (missing) throw new Error(`the index ${missing} of the result is in no input`);
  return sizes;
}
