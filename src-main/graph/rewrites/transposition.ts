import { intsAttr } from '../attributes.ts';
import type { Rewrite } from '../rewrite.ts';

/** Two transpositions are one, and one that moves no axis is none: planar images of a file that wants them NHWC. */
export const mergeTranspositions: Rewrite = ({ node, build, producer }) => {
  const perm = intsAttr(node, 'perm');
  const before = producer(node.inputs[0]);
  const first = before?.op === 'Transpose' ? intsAttr(before, 'perm') : undefined;
  if (!perm || !before || !first) return null;
  const both = perm.map((axis) => first[axis]);
  return build.transpose(before.inputs[0], both);
};
