import { attr } from '../../attributes.ts';
import type { Conversion, Converter, Converters } from '../operation.ts';
import { activationOf } from './activation.ts';

/** An operand, with its last two axes exchanged where the operation asks for it. */
function operand({ plain, rank, step }: Conversion, index: number, isTransposed: boolean): string {
  if (!isTransposed) return plain(index);
  const axes = rank(index);
  if (axes === undefined) throw new Error('it transposes a tensor of an unknown number of axes');
  const perm = Array.from({ length: axes }, (_, axis) => axis);
  [perm[axes - 2], perm[axes - 1]] = [axes - 1, axes - 2];
  return step('Transpose', [plain(index)], { perm: attr.ints(perm) });
}

/** A product of matrices, with the bias and activation that TensorFlow's optimiser fused into it. */
const product =
  (left: string, right: string, isMatrix: boolean): Converter =>
  (conversion) => {
    const { attributes, step, plain, rank } = conversion;
    const inputs = [
      operand(conversion, 0, attributes.bool(left, false)),
      operand(conversion, 1, attributes.bool(right, false)),
    ];
    const ranks = [rank(0), rank(1)];
    const known = ranks.every((each) => each !== undefined);
    const axes = isMatrix ? 2 : known ? Math.max(...ranks) : undefined;
    const fused = attributes.strings('fused_ops');
    const last = fused.filter((name) => name !== 'BiasAdd');
    if (fused.length === 0) return conversion.plainResult({ op: 'MatMul', inputs, rank: axes });
    if (last.length > 1 || !fused.includes('BiasAdd')) {
      throw new Error(`it is fused with ${fused.join(' and ')}`);
    }
    const sum = ['Add', [step('MatMul', inputs), plain(2)]] as const;
    if (last.length === 0) {
      return conversion.plainResult({ op: sum[0], inputs: sum[1], rank: axes });
    }
    conversion.plainResult({ ...activationOf(last[0], conversion, step(...sum)), rank: axes });
  };

const einsum: Converter = ({ attributes, count, plain, plainResult }) => {
  const equation = attributes.text('equation', '');
  const [, result = ''] = equation.split('->');
  plainResult({
    op: 'Einsum',
    inputs: Array.from({ length: count }, (_, i) => plain(i)),
    attributes: { equation: attr.string(equation) },
    rank: result.includes('.') || result === '' ? undefined : result.length,
  });
};

export const matrixProducts: Converters = {
  MatMul: product('transpose_a', 'transpose_b', true),
  _FusedMatMul: product('transpose_a', 'transpose_b', true),
  BatchMatMul: product('adj_x', 'adj_y', false),
  BatchMatMulV2: product('adj_x', 'adj_y', false),
  BatchMatMulV3: product('adj_x', 'adj_y', false),
  _FusedBatchMatMulV2: product('adj_x', 'adj_y', false),
  Einsum: einsum,
};
