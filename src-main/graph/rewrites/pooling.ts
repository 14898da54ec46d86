import type { Rewrite } from '../rewrite.ts';

/**
 * MaxPool(Relu(x)) = Relu(MaxPool(x)), and so are their gradients: rectifying and masking are then done on the few
 * elements that are left.
 */
export const poolBeforeRelu: Rewrite = ({ node, build, producer, isSole }) => {
  const relu = producer(node.inputs[0]);
  if (relu?.op !== 'Relu' || !isSole(node.inputs[0])) return null;
  return build.add('Relu', [build.add('MaxPool', [relu.inputs[0]], node.attributes)]);
};
