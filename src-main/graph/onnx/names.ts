import { badGraph, printable } from './wording.ts';

const LONGEST_NAME = 4096;

/**
 * The values that a graph, or a branch inside it, can see. A value of a branch that has the name of another value of
 * the model is renamed, so that a branch can be put in its node's place.
 */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #taken: Set<string>;
  readonly #own = new Map<string, string>();

  constructor(outer?: Scope) {
    this.#outer = outer;
    this.#taken = outer ? outer.#taken : new Set();
  }

  /** Makes a value known. @returns its name in the whole model. @throws GraphError when the scope has it already. */
  define(name: string): string {
    if (this.#own.has(name)) {
      throw badGraph(
        `Two parts of the model make the value ${printable(name)}; the file is damaged.`,
      );
    }
    if (name.length > LONGEST_NAME)
      throw badGraph('The model has a name of more than 4096 characters; the file is damaged.');
    const unique = unusedName(name, this.#taken);
    this.#own.set(name, unique);
    return unique;
  }

  /** Name of a value in the whole model, or `undefined` where nothing makes it. */
  find(name: string): string | undefined {
    return this.#own.get(name) ?? this.#outer?.find(name);
  }
}

/** `name`, or the first of `name_1`, `name_2`, … that is not taken; takes it. */
export function unusedName(name: string, taken: Set<string>): string {
  let unique = name;
  // Doubling the step keeps thousands of equal names from costing a square of their number.
  for (let serial = 1, step = 1; taken.has(unique); serial += step, step *= 2)
    unique = `${name}_${serial}`;
  taken.add(unique);
  return unique;
}
