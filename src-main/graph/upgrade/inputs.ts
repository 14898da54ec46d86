import { attr, floatAttr, intAttr, intsAttr, stringAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';
import { floats, ints } from '../tensor.ts';
import { withInput, without, type Rule, type Rules, type Upgrading } from './rule.ts';

/** Moves a list of integers from an attribute to an input, where the node still has the attribute. */
function moveInts(node: Node, name: string, index: number, context: Upgrading): Node {
  const values = intsAttr(node, name);
  if (!values) return node;
  const input = context.put(ints([values.length], values), name);
  return {
    ...node,
    inputs: withInput(node.inputs, index, input),
    attributes: without(node.attributes, name),
  };
}

/** Squeeze and Unsqueeze 13, ReduceSum 13, the other reductions 18: `axes` became an input. */
const axesToInput: Rule = (node, context) => [moveInts(node, 'axes', 1, context)];

/** Split 13: `split` became an input. Split 18: without it, the number of parts must be stated. */
const split: Rule = (node, context) => {
  const moved = moveInts(node, 'split', 1, context);
  if (moved.inputs[1] || moved.attributes.num_outputs) return [moved];
  const num_outputs = attr.int(node.outputs.length);
  return [{ ...moved, attributes: { ...moved.attributes, num_outputs } }];
};

/** Slice 10: `starts`, `ends` and `axes` became inputs. */
const slice: Rule = (node, context) => {
  const started = moveInts(node, 'starts', 1, context);
  return [moveInts(moveInts(started, 'ends', 2, context), 'axes', 3, context)];
};

/** Pad 11: `pads` and `value` became inputs. */
const pad: Rule = (node, context) => {
  const moved = moveInts(node, 'pads', 1, context);
  if (moved === node) return [node];
  const attributes = without(moved.attributes, 'value');
  if (stringAttr(node, 'mode', 'constant') !== 'constant') return [{ ...moved, attributes }];
  const value = context.put(floats([], [floatAttr(node, 'value', 0)]), 'value');
  return [{ ...moved, inputs: withInput(moved.inputs, 2, value), attributes }];
};

/** Clip 11: `min` and `max` became inputs. */
const clip: Rule = (node, context) => {
  let { inputs } = node;
  (['min', 'max'] as const).forEach((name, i) => {
    if (!node.attributes[name]) return;
    const bound = context.put(floats([], [floatAttr(node, name, 0)]), name);
    inputs = withInput(inputs, i + 1, bound);
  });
  return [{ ...node, inputs, attributes: without(node.attributes, 'min', 'max') }];
};

/** Attributes that only matter to element types which no graph holds. */
const cast: Rule = (node) => [{ ...node, attributes: { to: attr.int(intAttr(node, 'to', 1)) } }];

const reductions = [
  'L1',
  'L2',
  'LogSum',
  'LogSumExp',
  'Max',
  'Mean',
  'Min',
  'Prod',
  'Sum',
  'SumSquare',
];

/** Operators whose attributes became inputs. */
export const inputRules: Rules = {
  Squeeze: axesToInput,
  Unsqueeze: axesToInput,
  ...Object.fromEntries(reductions.map((name) => [`Reduce${name}`, axesToInput])),
  Split: split,
  Slice: slice,
  Pad: pad,
  Clip: clip,
  Cast: cast,
};
