import type { Builder } from './builder.ts';

/** A float32 value by name, or a number that becomes a scalar constant. */
export type Term = string | number;

/** Formulas as they are written: gradients of elementwise operators read like their derivatives. */
export interface Algebra {
  add(a: Term, b: Term): string;
  sub(a: Term, b: Term): string;
  mul(a: Term, b: Term): string;
  div(a: Term, b: Term): string;
  pow(a: Term, b: Term): string;
  square(a: string): string;
  less(a: Term, b: Term): string;
  greater(a: Term, b: Term): string;
  equal(a: Term, b: Term): string;
  both(a: string, b: string): string;
  where(condition: string, a: Term, b: Term): string;
  /** Any operator of one input, without attributes. */
  apply(op: string, a: string): string;
}

/** Formulas over the values of a builder. No node is made for a product with 1. */
export function algebra(build: Builder): Algebra {
  const named = (term: Term): string => (typeof term === 'number' ? build.scalar(term) : term);
  const binary =
    (op: string) =>
    (a: Term, b: Term): string =>
      build.add(op, [named(a), named(b)]);
  const product = binary('Mul');
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    div: binary('Div'),
    pow: binary('Pow'),
    less: binary('Less'),
    greater: binary('Greater'),
    equal: binary('Equal'),
    both: binary('And'),
    mul: (a, b) => {
      if (b === 1) return named(a);
      return b === -1 ? build.add('Neg', [named(a)]) : product(a, b);
    },
    square: (a) => product(a, a),
    where: (condition, a, b) => build.add('Where', [condition, named(a), named(b)]),
    apply: (op, a) => build.add(op, [a]),
  };
}
