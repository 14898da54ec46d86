import { attr } from './attributes.ts';
import type { Builder } from './builder.ts';

/** A float32 value by name, or a number that becomes a scalar constant. */
export type Term = string | number;

/** Steep enough that one rounding step becomes 1, and a power of two, so that the product with it is exact. */
const STEEP = 2 ** 100;

/** Formulas as they are written: gradients of elementwise operators read like their derivatives. */
export interface Algebra {
  add(a: Term, b: Term): string;
  sub(a: Term, b: Term): string;
  mul(a: Term, b: Term): string;
  div(a: Term, b: Term): string;
  pow(a: Term, b: Term): string;
  square(a: string): string;
  greater(a: Term, b: Term): string;
  equal(a: Term, b: Term): string;
  where(condition: string, a: Term, b: Term): string;
  /**
   * The line slope · x + offset, cut to [0, 1]: a HardSigmoid. What can be written with it should be: unlike a
   * comparison, a choice or a product with a scalar, it is fast in onnxruntime, and stays in the blocked layout of
   * the convolutions around it.
   */
  line(x: string, slope: number, offset: number): string;
  /** 1 where x > bound, else 0. Exact for float32 bounds, but for x between 0 and 1e-30 where the bound is 0. */
  above(x: string, bound: number): string;
  /** 1 where x < bound, else 0. */
  below(x: string, bound: number): string;
  /** 1 where a ≥ b, else 0, for numbers that are equal or differ by 1e-30, as all above 1e-22 do. */
  reaches(a: string, minusB: string): string;
  /** 1 − x, for x in [0, 1]. */
  complement(x: string): string;
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
  const line = (x: string, slope: number, offset: number): string =>
    build.add('HardSigmoid', [x], { alpha: attr.float(slope), beta: attr.float(offset) });
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    div: binary('Div'),
    pow: binary('Pow'),
    greater: binary('Greater'),
    equal: binary('Equal'),
    mul: (a, b) => {
      if (b === 1) return named(a);
      return b === -1 ? build.add('Neg', [named(a)]) : product(a, b);
    },
    square: (a) => product(a, a),
    line,
    above: (x, bound) => line(x, STEEP, -STEEP * bound),
    below: (x, bound) => line(x, -STEEP, STEEP * bound),
    reaches: (a, minusB) => line(build.add('Add', [a, minusB]), STEEP, 1),
    complement: (x) => line(x, -1, 1),
    where: (condition, a, b) => build.add('Where', [condition, named(a), named(b)]),
    apply: (op, a) => build.add(op, [a]),
  };
}
