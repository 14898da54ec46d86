import { mapElements, type Element } from '../broadcast.ts';
import type { Operator } from '../operator.ts';
import { sameType } from './elementwise.ts';

/**
 * Comparisons and logic. Their result is boolean, so no gradient passes them.
 * ONNX operators Equal, Greater, GreaterOrEqual, Less, LessOrEqual, And, Or, Xor, Not, IsNaN:
 * https://onnx.ai/onnx/operators/
 */

const predicate = (
  name: string,
  count: number,
  holds: (...values: Element[]) => boolean,
): Operator => ({
  name,
  infer: (context) => [{ dtype: 'bool', dims: sameType(context, count).dims }],
  evaluate: (_, inputs) => [
    mapElements(
      'bool',
      inputs.filter((input) => input !== undefined),
      holds,
    ),
  ],
});

export const comparisons: readonly Operator[] = [
  predicate('Equal', 2, (a, b) => a === b),
  predicate('Greater', 2, (a, b) => a > b),
  predicate('GreaterOrEqual', 2, (a, b) => a >= b),
  predicate('Less', 2, (a, b) => a < b),
  predicate('LessOrEqual', 2, (a, b) => a <= b),
  predicate('And', 2, (a, b) => a === 1 && b === 1),
  predicate('Or', 2, (a, b) => a === 1 || b === 1),
  predicate('Xor', 2, (a, b) => a !== b),
  predicate('Not', 1, (a) => a === 0),
  predicate('IsNaN', 1, (a) => Number.isNaN(a)),
];
