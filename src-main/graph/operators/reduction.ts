import { attr, intAttr } from '../attributes.ts';
import { sizeOf, type ValueType } from '../ir.ts';
import type { GradientContext, InferContext, Operator } from '../operator.ts';
import { pullOf, type Pull } from './elementwise.ts';
import { axesOf, reduce, reducedDims, type Fold } from './reduction-axes.ts';

/**
 * Reductions over axes, which are an input since opset 18: ReduceSum, ReduceMean, …
 * https://onnx.ai/onnx/operators/
 */
interface Reduction extends Fold {
  readonly name: string;
  readonly pull: (pull: ReducedPull) => string;
}

/** `g` and `y` have the input's rank, with 1 where it was reduced. */
interface ReducedPull extends Pull {
  readonly axes: readonly number[];
  /** Number of elements that each result is made of. */
  readonly count: number;
}

function stretch({ axes, context: { build, inputTypes } }: ReducedPull, value: string): string {
  return axes.length === 0 ? value : build.add('Expand', [value, build.shape(inputTypes[0]!.dims)]);
}

/** Every element that attains the extremum gets an equal share, as in PyTorch's amax and amin. */
function extremumShare({ e, g, x, y, axes, context: { build } }: ReducedPull): string {
  const attains = build.add('Cast', [e.equal(x, y)], { to: attr.int(1) });
  return e.mul(attains, e.div(g, build.sum(attains, axes, true)));
}

/** x / ‖x‖, and 0 at the origin, as in PyTorch. */
function alongVector({ e, g, x, y }: Pull): string {
  return e.mul(x, e.where(e.greater(y, 0), e.div(g, y), 0));
}

/**
 * The product of all the others. It must be right where elements are 0: zeros are counted, and the product is taken
 * of the rest; an element gets a gradient only if no other is 0.
 */
function othersProduct({ e, g, x, axes, context: { build } }: ReducedPull): string {
  const isZero = e.equal(x, 0);
  const zero = build.add('Cast', [isZero], { to: attr.int(1) });
  const filled = e.where(isZero, 1, x);
  const product = build.add('ReduceProd', [filled, build.shape(axes)], {
    noop_with_empty_axes: attr.int(1),
  });
  const zerosElsewhere = e.sub(build.sum(zero, axes, true), zero);
  return e.where(e.equal(zerosElsewhere, 0), e.mul(e.div(product, filled), g), 0);
}

const reductions: readonly Reduction[] = [
  {
    name: 'ReduceSum',
    step: (total, x) => total + x,
    pull: (pull) => stretch(pull, pull.g),
  },
  {
    name: 'ReduceMean',
    step: (total, x) => total + x,
    finish: (total, count) => total / count,
    pull: (pull) => stretch(pull, pull.e.mul(pull.g, 1 / pull.count)),
  },
  { name: 'ReduceMax', start: -Infinity, step: Math.max, pull: extremumShare },
  { name: 'ReduceMin', start: Infinity, step: Math.min, pull: extremumShare },
  { name: 'ReduceProd', start: 1, step: (product, x) => product * x, pull: othersProduct },
  {
    name: 'ReduceL1',
    step: (total, x) => total + Math.abs(x),
    pull: ({ e, g, x }) => e.mul(g, e.apply('Sign', x)),
  },
  {
    name: 'ReduceL2',
    step: (total, x) => total + x * x,
    finish: Math.sqrt,
    pull: alongVector,
  },
  {
    name: 'ReduceSumSquare',
    step: (total, x) => total + x * x,
    pull: ({ e, g, x }) => e.mul(e.mul(g, 2), x),
  },
  {
    name: 'ReduceLogSum',
    step: (total, x) => total + x,
    finish: Math.log,
    pull: (pull) => stretch(pull, pull.e.div(pull.g, pull.e.apply('Exp', pull.y))),
  },
  {
    name: 'ReduceLogSumExp',
    step: (total, x) => total + Math.exp(x),
    finish: Math.log,
    pull: ({ e, g, x, y }) => e.mul(g, e.apply('Exp', e.sub(x, y))),
  },
];

function gradient(spec: Reduction, context: GradientContext): (string | null)[] {
  const { build, inputTypes, node } = context;
  const { dims } = inputTypes[0]!;
  const axes = axesOf(node, dims, context.constant(1));
  const pull = pullOf(context);
  const kept = reducedDims(dims, axes, true);
  const spread = { g: build.reshape(pull.g, kept), y: build.reshape(pull.y, kept) };
  const count = sizeOf(dims) / sizeOf(kept);
  return [spec.pull({ ...pull, ...spread, axes, count }), null];
}

function infer(context: InferContext): ValueType[] {
  const { node, inputs } = context;
  const [value, axes] = inputs;
  if (!value) throw new Error('the value is missing');
  const named = context.constant(1);
  if (axes && !named) throw new Error('the axes are computed from the image, not constant');
  const keep = intAttr(node, 'keepdims', 1) === 1;
  return [
    { dtype: value.dtype, dims: reducedDims(value.dims, axesOf(node, value.dims, named), keep) },
  ];
}

const operatorFor = (spec: Reduction): Operator => ({
  name: spec.name,
  infer,
  gradient: (context) => gradient(spec, context),
  evaluate: (node, [value, axes]) => {
    const keep = intAttr(node, 'keepdims', 1) === 1;
    return [reduce(spec, value!, axesOf(node, value!.dims, axes), keep)];
  },
});

export const reductionOperators: readonly Operator[] = reductions.map(operatorFor);
