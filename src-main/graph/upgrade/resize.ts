import { attr, floatsAttr, stringAttr } from '../attributes.ts';
import type { Node } from '../ir.ts';
import { floats, numbersOf } from '../tensor.ts';
import { refuse, without, type Rule, type Rules, type Upgrading } from './rule.ts';

/** Upsample 7 and 9: it only enlarges, from the upper left corner, and takes the pixel below. */
const upsample: Rule = (node, context) => {
  const values = floatsAttr(node, 'scales');
  const scales = values ? context.put(floats([values.length], values), 'scales') : node.inputs[1];
  return [asymmetric(node, scales, 'floor')];
};

/** Resize 10 has no region of interest and one way to map coordinates; from 11 on both are stated. */
const resize: Rule = (node, context) => {
  if (context.opset >= 11) return [trim(currentNearest(node), context)];
  return [asymmetric(node, node.inputs[1], oldNearest(node, context))];
};

function asymmetric(node: Node, scales: string, nearest: string): Node {
  return {
    ...node,
    op: 'Resize',
    inputs: [node.inputs[0], '', scales],
    attributes: {
      mode: attr.string(stringAttr(node, 'mode', 'nearest')),
      coordinate_transformation_mode: attr.string('asymmetric'),
      nearest_mode: attr.string(nearest),
    },
  };
}

/** onnxruntime's reading of Resize 10: an axis that shrinks takes the pixel above, one that grows the pixel below. */
function oldNearest(node: Node, context: Upgrading): string {
  if (stringAttr(node, 'mode', 'nearest') !== 'nearest') return 'floor';
  const scales = context.constant(node.inputs[1]);
  if (!scales) {
    context.note(`Node ${node.name} (Resize) computes its scales; they are taken to enlarge.`);
    return 'floor';
  }
  const factors = Array.from(numbersOf(scales));
  const shrinks = factors.some((factor) => factor < 1);
  if (shrinks && factors.some((factor) => factor > 1)) {
    throw refuse(
      node,
      'enlarges one side and shrinks the other; export the model with opset 11 or later',
    );
  }
  return shrinks ? 'ceil' : 'floor';
}

/** Resize 13 dropped a mode: floor((x + 0.5) / s) is the half-pixel coordinate rounded half up. */
function currentNearest(node: Node): Node {
  const mode = stringAttr(node, 'coordinate_transformation_mode', 'half_pixel');
  if (mode !== 'tf_half_pixel_for_nn') return node;
  if (stringAttr(node, 'nearest_mode', 'round_prefer_floor') !== 'floor') {
    throw refuse(
      node,
      'uses tf_half_pixel_for_nn, which later opsets dropped; export the model with opset 13 or later',
    );
  }
  return {
    ...node,
    attributes: {
      ...node.attributes,
      coordinate_transformation_mode: attr.string('half_pixel'),
      nearest_mode: attr.string('round_prefer_ceil'),
    },
  };
}

/** Empty constants stand for inputs that are not given; a region only matters where it is cropped to. */
function trim(node: Node, context: Upgrading): Node {
  const crops = stringAttr(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const inputs = node.inputs.map((input, i) => {
    const empty = context.constant(input)?.data.length === 0;
    return empty || (i === 1 && !crops) ? '' : input;
  });
  return { ...node, inputs, attributes: without(node.attributes, 'scales') };
}

export const resizeRules: Rules = { Upsample: upsample, Resize: resize };
