import { attr } from '../../src-main/graph/attributes.ts';
import { floats, ints, tensor } from '../../src-main/graph/tensor.ts';
import { IMAGE, image, matrix, above, bools, whole, on, both, names } from './engine-case.ts';
import type { Application } from './engine-graph.ts';
import { distinct, uniform } from './random.ts';

/** Operators that compute: functions, comparisons, reductions and products. */

/** Functions of one number: an image, a matrix, and where the domain is all numbers both signs. */
const functions: readonly Application[] = [
  ...names(
    'Abs Neg Sign Ceil Floor Round Exp Sin Cos Tan Atan Sinh Cosh Tanh Erf Sigmoid Softplus Softsign Mish Gelu Relu Elu Selu Celu HardSigmoid HardSwish LeakyRelu ThresholdedRelu Identity',
  ).flatMap((op) => [on(op, [image()]), on(op, [matrix()])]),
  ...names('Sqrt Log Reciprocal').map((op) => on(op, [above()])),
  on('Abs', [whole([3, 4], -5, 5)]),
  on('Neg', [whole([3, 4], -5, 5)]),
  on('Sign', [whole([3, 4], -5, 5, 'int64')]),
  on('Round', [floats([6], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])]),
  on('Gelu', [image()], { approximate: attr.string('tanh') }),
  on('Elu', [image()], { alpha: attr.float(0.6) }),
  on('Celu', [image()], { alpha: attr.float(0.6) }),
  on('Selu', [image()], { alpha: attr.float(1.3), gamma: attr.float(0.8) }),
  on('LeakyRelu', [image()], { alpha: attr.float(0.2) }),
  on('ThresholdedRelu', [image()], { alpha: attr.float(0.7) }),
  on('HardSigmoid', [image()], { alpha: attr.float(0.3), beta: attr.float(0.4) }),
  on('HardSigmoid', [image()], { alpha: attr.float(2 ** 100), beta: attr.float(0) }),
  on('HardSigmoid', [image()], { alpha: attr.float(-(2 ** 100)), beta: attr.float(2 ** 100) }),
  on('Exp', [floats([1, 1, 1, 4], [-100, 0, 20, 80])]),
  on('Softplus', [floats([4], [-100, 0, 20, 100])]),
  on('Clip', [image(), floats([], [-0.5]), floats([], [0.75])]),
  on('Clip', [image(), undefined, floats([], [0.75])]),
  on('Clip', [image(), floats([], [0.75]), floats([], [-0.5])]),
  on('Clip', [whole([3, 4], -5, 5), tensor('int32', [], [-2])]),
  on('PRelu', [image(), uniform([4, 1, 1], 0.1, 0.5, 4)]),
  both('PRelu', image(), uniform([4, 1, 1], 0.1, 0.5, 4)),
  on('Dropout', [image()]),
];

/** Two inputs in the ways in which they can be broadcast. */
const arithmetic: readonly Application[] = names('Add Sub Mul Div Max Min').flatMap((op) => [
  both(op, image(1), image(2)),
  both(op, image(1), above(2)),
  on(op, [image(1), floats([], [0.3])]),
  on(op, [image(1), uniform([4, 1, 1], 0.3, 1, 5)]),
  on(op, [image(1), uniform([1, 4, 1, 1], 0.3, 1, 5)]),
  both(op, image(1), uniform([2, 4, 1, 1], 0.3, 1, 5)),
  both(op, image(1), uniform([6], 0.3, 1, 5)),
  both(op, uniform([4, 1, 6], 0.3, 1, 6), image(1)),
  both(op, matrix(1), matrix(2)),
  both(op, matrix(1), uniform([2, 3, 1], 0.3, 1, 5)),
  both(op, whole([3, 4], -9, 9), whole([4], 1, 5)),
]);

const variadic: readonly Application[] = [
  ...names('Sum Mean Max Min').flatMap((op) => [
    { op, inputs: [image(1), image(2), uniform([4, 1, 1], -1, 1, 3)] },
    { op, inputs: [image(1)] },
  ]),
  on('Pow', [above(), floats([], [2.5])]),
  on('Pow', [image(), floats([], [2])]),
  both('Pow', above(1), above(2)),
  { op: 'Pow', inputs: [above(), ints([], [3])], varying: [0] },
  both('Mod', whole([3, 4], -9, 9), whole([4], 1, 5)),
  both('Mod', whole([3, 4], -9, 9), whole([4], 1, 5), { fmod: attr.int(1) }),
  both('Mod', image(1), above(2), { fmod: attr.int(1) }),
];

const logic: readonly Application[] = [
  ...names('Equal Greater GreaterOrEqual Less LessOrEqual').flatMap((op) => [
    both(op, floats([2, 3], [1, 2, 3, 4, 5, 6]), floats([3], [4, 2, 6])),
    both(op, image(1), uniform([4, 1, 1], -1, 1, 3)),
    both(op, whole([3, 4], 0, 3), whole([4], 0, 3)),
  ]),
  both('Equal', bools([3, 4]), bools([4])),
  ...names('And Or Xor').map((op) => both(op, bools([3, 4]), bools([4]))),
  on('Not', [bools([3, 4])]),
  on('IsNaN', [floats([4], [1, NaN, Infinity, 0])]),
  { op: 'Where', inputs: [bools([5, 6]), image(1), image(2)], varying: [1, 2] },
  { op: 'Where', inputs: [bools(IMAGE), image(1), floats([], [0.5])], varying: [0, 1] },
  { op: 'Where', inputs: [bools([3, 1]), matrix(1), matrix(2)], varying: [0, 1, 2] },
  ...[1, 2, 3, 6, 7, 9].map((to) => on('Cast', [uniform(IMAGE, 0, 9, 4)], { to: attr.int(to) })),
  ...[1, 6, 7, 9].map((to) => on('Cast', [image()], { to: attr.int(to) })),
  ...[1, 2, 6, 7].map((to) => on('Cast', [bools([2, 3])], { to: attr.int(to) })),
  on('Cast', [whole([2, 3], -300, 300)], { to: attr.int(2) }),
  on('Cast', [whole([2, 3], -300, 300)], { to: attr.int(3) }),
  on('CastLike', [image(), whole([1], 0, 3)]),
];

const REDUCTIONS =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp';

const over = (
  op: string,
  axes: readonly number[] | undefined,
  keep: number,
  x = distinct(IMAGE, 0.011, 3),
) => on(op, [x, axes && ints([axes.length], axes)], { keepdims: attr.int(keep) });

const reductions: readonly Application[] = [
  ...names(REDUCTIONS).flatMap((op) => [
    over(op, [2, 3], 1),
    over(op, [2, 3], 0),
    over(op, [1], 0),
    over(op, [-1], 0),
    over(op, [2], 1),
    over(op, undefined, 0),
  ]),
  over('ReduceSum', [0, 3], 0),
  over('ReduceLogSum', [1], 1, above()),
  on('ReduceSum', [image()], { noop_with_empty_axes: attr.int(1) }),
  on('CumSum', [image(), ints([], [1])]),
  on('CumSum', [matrix(), ints([], [-1])], { exclusive: attr.int(1), reverse: attr.int(1) }),
];

const products: readonly Application[] = [
  both('MatMul', uniform([3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 3, 4], -1, 1, 1), uniform([2, 3, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 1, 3, 4], -1, 1, 1), uniform([3, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([4], -1, 1, 1), uniform([2, 4, 5], -1, 1, 2)),
  both('MatMul', uniform([2, 3, 4], -1, 1, 1), uniform([4], -1, 1, 2)),
  both('MatMul', uniform([4], -1, 1, 1), uniform([4], -1, 1, 2)),
  {
    op: 'Gemm',
    inputs: [uniform([3, 4], -1, 1, 1), uniform([4, 5], -1, 1, 2), uniform([5], -1, 1, 3)],
  },
  {
    op: 'Gemm',
    inputs: [uniform([4, 3], -1, 1, 1), uniform([5, 4], -1, 1, 2), uniform([3, 1], -1, 1, 3)],
    attributes: {
      transA: attr.int(1),
      transB: attr.int(1),
      alpha: attr.float(0.5),
      beta: attr.float(2),
    },
  },
  ...[
    ['bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]],
    ['ij,jk', [3, 4], [4, 5]],
    ['...ij,...jk->...ik', [2, 3, 4], [2, 4, 5]],
    ['ij,k->ki', [3, 4], [5]],
    ['bij,bjk->bik', [1, 3, 4], [2, 4, 5]],
    ['i,i->', [4], [4]],
  ].map(([equation, a, b]) =>
    both('Einsum', uniform(a as number[], -1, 1, 1), uniform(b as number[], -1, 1, 2), {
      equation: attr.string(equation as string),
    }),
  ),
  on('Einsum', [uniform([2, 3, 4], -1, 1, 1)], { equation: attr.string('ijk->ki') }),
  {
    op: 'Einsum',
    inputs: [uniform([2, 3], -1, 1, 1), uniform([3, 4], -1, 1, 2), uniform([4], -1, 1, 3)],
    attributes: { equation: attr.string('ij,jk,k->i') },
  },
];

export const numberCases: readonly Application[] = [
  ...functions,
  ...arithmetic,
  ...variadic,
  ...logic,
  ...reductions,
  ...products,
];
