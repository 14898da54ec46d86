import { intAttr } from '../attributes.ts';
import type { Node, Tensor } from '../ir.ts';
import type { Operator } from '../operator.ts';
import { numbersOf } from '../tensor.ts';
import { filled } from '../view.ts';
import { typeAt } from './known.ts';

/** The upper or lower triangle of matrices, from diagonal k on (Trilu-14). */
function triangle(node: Node, data: Tensor, k: number): Tensor {
  const upper = intAttr(node, 'upper', 1) === 1;
  const [rows, columns] = data.dims.slice(-2);
  const result = filled(data);
  for (let i = 0; i < data.data.length; i++) {
    const diagonal = (i % columns) - (Math.floor(i / columns) % rows);
    if (upper ? diagonal >= k : diagonal <= k) result.data[i] = data.data[i];
  }
  return result;
}

/** Trilu keeps or drops each element, so it is its own adjoint. */
const trilu: Operator = {
  name: 'Trilu',
  infer: (context) => {
    const type = typeAt(context, 0);
    if (type.dims.length < 2) throw new Error('it takes matrices only');
    return [type];
  },
  gradient: ({ node, build, inputs, cotangents, wants }) => [
    wants(0) ? build.add('Trilu', [cotangents[0]!, ...inputs.slice(1)], node.attributes) : null,
  ],
  evaluate: (node, [data, k]) => [triangle(node, data!, k ? numbersOf(k)[0] : 0)],
};

export const triangles: readonly Operator[] = [trilu];
