import { numbersOf } from '../tensor.ts';
import type { Rewrite } from '../rewrite.ts';

/** Identity, and Dropout outside training, hand their input through. */
export const dropIdentity: Rewrite = ({ node }) =>
  node.outputs.slice(1).every((output) => output === '') ? node.inputs[0] : null;

/** Padding by nothing, as exporters write before average pools. */
export const dropEmptyPadding: Rewrite = ({ node, constant }) => {
  const pads = constant(1);
  return pads && Array.from(numbersOf(pads)).every((size) => size === 0) ? node.inputs[0] : null;
};
