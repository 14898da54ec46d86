import { intAttr, intsAttr, stringAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';
import type { InferContext, Operator } from '../operator.ts';
import { permuted } from '../view.ts';
import { typeAt } from './known.ts';

/** Operators that permute elements: the gradient is the inverse permutation. ONNX 1.16, opset 21. */

const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** Without `perm` the axes are reversed. */
export function permOf(node: Node, rank: number): readonly number[] {
  const perm = intsAttr(node, 'perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (perm.length !== rank || inverse(perm).includes(-1)) {
    throw new Error(`[${perm.join(', ')}] is no permutation of ${rank} axes`);
  }
  return perm;
}

const transpose: Operator = {
  name: 'Transpose',
  infer: (context) => {
    const { dtype, dims } = typeAt(context, 0);
    return [{ dtype, dims: permOf(context.node, dims.length).map((axis) => dims[axis]) }];
  },
  gradient: ({ node, build, cotangents, inputTypes, wants }) => [
    wants(0)
      ? build.transpose(cotangents[0]!, inverse(permOf(node, inputTypes[0]!.dims.length)))
      : null,
  ],
  evaluate: (node, [data]) => [permuted(data!, permOf(node, data!.dims.length))],
};

/** A permutation as it is computed: reshape to `split`, transpose by `perm`, reshape to `dims`. */
export interface Rearrangement {
  readonly split: readonly number[];
  readonly perm: readonly number[];
  readonly dims: readonly number[];
}

/** Blocks of channels become blocks of pixels; depth–column–row or column–row–depth order. */
export function depthToSpace(node: Node, [n, c, h, w]: readonly number[]): Rearrangement {
  const b = intAttr(node, 'blocksize', 1);
  const depth = c / (b * b);
  const columnFirst = stringAttr(node, 'mode', 'DCR') === 'CRD';
  return {
    split: columnFirst ? [n, depth, b, b, h, w] : [n, b, b, depth, h, w],
    perm: columnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2],
    dims: [n, depth, h * b, w * b],
  };
}

/** Blocks of pixels become blocks of channels, the inverse of the DCR order. */
export function spaceToDepth(node: Node, [n, c, h, w]: readonly number[]): Rearrangement {
  const b = intAttr(node, 'blocksize', 1);
  return {
    split: [n, c, h / b, b, w / b, b],
    perm: [0, 3, 5, 1, 2, 4],
    dims: [n, c * b * b, h / b, w / b],
  };
}

function rearranging(
  name: string,
  of: (node: Node, dims: readonly number[]) => Rearrangement,
): Operator {
  const checked = (node: Node, dims: readonly number[]): Rearrangement => {
    if (dims.length !== 4) throw new Error('it takes images [N, C, H, W] only');
    const found = of(node, dims);
    if (!found.split.every(Number.isInteger)) throw new Error('its blocks do not fill the input');
    return found;
  };
  return {
    name,
    infer: (context: InferContext) => {
      const { dtype, dims } = typeAt(context, 0);
      return [{ dtype, dims: checked(context.node, dims).dims }];
    },
    gradient: ({ node, build, cotangents, inputTypes, wants }) => {
      if (!wants(0)) return [null];
      const { dims } = inputTypes[0]!;
      const { split, perm } = checked(node, dims);
      const unfolded = build.reshape(
        cotangents[0]!,
        perm.map((axis) => split[axis]),
      );
      return [build.reshape(build.transpose(unfolded, inverse(perm)), dims)];
    },
    evaluate: (node, [data]) => {
      const { split, perm, dims } = checked(node, data!.dims);
      return [{ ...permuted({ ...data!, dims: split }, perm), dims }];
    },
  };
}

export const transpositions: readonly Operator[] = [
  transpose,
  rearranging('DepthToSpace', depthToSpace),
  rearranging('SpaceToDepth', spaceToDepth),
];
