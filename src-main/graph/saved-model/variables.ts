import type { Tensor } from '../ir.ts';
import { badGraph, printable } from '../onnx/wording.ts';
import { attributesOf, referenceOf, type NodeDef } from '../tensorflow/graph-def.ts';
import type { Bundle } from './bundle.ts';

/** Operations that put a value into a variable. */
const ASSIGNMENTS = new Set(['AssignVariableOp', 'Assign']);

/**
 * Which entry of the bundle each variable is restored from. Names of variables and of entries are not the same; the
 * part of the graph that TensorFlow would run to restore them tells: a RestoreV2 that names the entries, and
 * assignments of what it gives.
 * @param nodes of the whole graph, functions unfolded
 * @returns keys of the bundle by the name of the variable's node
 */
export function restoredFrom(nodes: readonly NodeDef[]): ReadonlyMap<string, string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const keys = new Map<string, string>();
  for (const { op, inputs } of nodes) {
    if (!ASSIGNMENTS.has(op) || inputs.length < 2) continue;
    const key = entryOf(inputs[1], byName);
    if (key !== undefined && !keys.has(inputs[0])) keys.set(inputs[0], key);
  }
  return keys;
}

/** Follows what only hands a value on, back to the restoring operation. */
function entryOf(value: string, nodes: ReadonlyMap<string, NodeDef>): string | undefined {
  for (let steps = 0, at = value; steps < 8; steps++) {
    const { node, index } = referenceOf(at);
    const found = nodes.get(node);
    if (found?.op === 'RestoreV2') {
      const names = nodes.get(referenceOf(found.inputs[1] ?? '').node);
      return names && attributesOf(names).strings('value')[index];
    }
    if (found?.op !== 'Identity' && found?.op !== 'Cast') return undefined;
    at = found.inputs[0] ?? '';
  }
  return undefined;
}

/** Reads variables from the bundle, each once. @throws GraphError where one is never restored */
export function variableReader(
  keys: ReadonlyMap<string, string>,
  bundle: () => Bundle,
): (node: NodeDef) => Tensor | undefined {
  return ({ name, op }) => {
    if (op === 'Const') return undefined;
    const key = keys.get(name);
    if (key === undefined) {
      throw badGraph(
        `The variable ${printable(name)} has no value in the model's folder; save the model again.`,
      );
    }
    return bundle().read(key);
  };
}
