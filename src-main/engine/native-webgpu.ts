import { attr } from '../graph/attributes.ts';
import type { TypedGraph } from '../graph/ir.ts';
import { rewrite, type Rewrite } from '../graph/rewrite.ts';

/** Sum(a, b, c) as (a + b) + c, in the order in which onnxruntime's CPU adds. */
const addPairwise: Rewrite = ({ node, build }) =>
  node.inputs.slice(1).reduce((sum, value) => build.add('Add', [sum, value]), node.inputs[0]);

/** https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html: blocks of b × b pixels become b² as many channels. */
const spellOutBlocks: Rewrite = ({ node, build }) => {
  const [count, channels, height, width] = build.dims(node.inputs[0]);
  const { blocksize } = node.attributes;
  if (blocksize?.kind !== 'int') return null;
  const side = blocksize.value;
  const [down, across] = [height / side, width / side];
  const six = build.reshape(node.inputs[0], [count, channels, down, side, across, side]);
  const perm = attr.ints([0, 3, 5, 1, 2, 4]);
  const moved = build.add('Transpose', [six], { perm });
  return build.reshape(moved, [count, side * side * channels, down, across]);
};

/**
 * The same graph without operators that onnxruntime 1.30 has no WebGPU kernel for. Each of them would send its values
 * to the CPU and back in the middle of a step.
 */
export const forWebGpu = (graph: TypedGraph): TypedGraph =>
  rewrite(graph, { Sum: [addPairwise], SpaceToDepth: [spellOutBlocks] }, []);
