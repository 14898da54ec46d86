import { algebra } from '../algebra.ts';
import { inverseResponse } from '../operators/local-response.ts';
import type { Rewrite } from '../rewrite.ts';

/** LRN as a product with a matrix and elementwise steps, the very ones that its gradient needs as well. */
export const spellOutLocalResponse: Rewrite = ({ node, build }) => {
  const [x] = node.inputs;
  return algebra(build).mul(x, inverseResponse(build, node, x).power);
};
