import { isFloat, type Node, type TypedGraph } from '../graph/ir.ts';
import { descendants, moduleTree, nodesWithin, type Module } from './module-tree.ts';

export type LayerSet = 'modules' | 'leaf' | 'conv' | 'block';

export const LAYER_SETS: readonly LayerSet[] = ['modules', 'leaf', 'conv', 'block'];

/** A place in the network whose activations are compared. */
export interface Layer {
  readonly name: string;
  /** The value of the graph that holds its activations. */
  readonly value: string;
  /** How many modules it lies in, itself included. */
  readonly depth: number;
}

/** Operators that hand elements on: without module names they are no layers. */
const MOVES = new Set([
  ...['Identity', 'Dropout', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
  ...['Slice', 'Split', 'Pad', 'Gather', 'Expand', 'Tile', 'Shape', 'DepthToSpace', 'SpaceToDepth'],
]);
const CONVOLUTIONS = new Set(['Conv', 'ConvTranspose']);
const JOINS = new Set(['Add', 'Concat', 'Sum']);
const POOLS = /Pool$/;

/**
 * The layers of a set, in the order in which they are computed; where one value ends several modules, the inner module
 * comes first, as PyTorch's hooks fire (method.md, section 3).
 *
 * With module names in the graph:
 * - `modules`: every module, containers included, but not the network itself. A module's value is its last one that is
 *   read outside it.
 * - `leaf`: modules that hold no other.
 * - `conv`: leaf modules that convolve.
 * - `block`: the containers at the depth at which most containers join branches (a residual's Add, Inception's Concat):
 *   BasicBlocks, Inceptions, encoder blocks. Where no container joins, the leaf modules that do (Keras writes all its
 *   layers side by side); where nothing joins, as without names.
 *
 * Without such names (other exporters, or fewer than half of the nodes named like this):
 * - `modules` and `leaf`: every node that computes; one that only moves elements is none.
 * - `conv`: the convolutions.
 * - `block`: the nodes that join branches; where there are none, the poolings; else every leaf.
 *
 * @param graph the classifier's specialised graph before any simplification. With one image every value belongs to it;
 * with several, a value's first dimension need not be the image (windows of attention, transposed tokens).
 */
export function layersOf(graph: TypedGraph, set: LayerSet): Layer[] {
  const tree = moduleTree(graph);
  const named = descendants(tree)
    .flatMap(({ nodes }) => nodes)
    .filter(computes).length;
  const isNamed = named > 0 && 2 * named >= graph.nodes.filter(computes).length;
  return isNamed ? namedLayers(graph, tree, set) : unnamedLayers(graph, set);
}

function namedLayers(graph: TypedGraph, tree: Module, set: LayerSet): Layer[] {
  const modules = descendants(tree);
  const chosen = choose(modules, set, graph);
  if (chosen.length === 0 && set === 'block') return unnamedLayers(graph, set);
  const order = new Map(graph.nodes.map((node, index) => [node, index]));
  const readers = readersOf(graph);
  return chosen
    .flatMap((module) => {
      const node = lastRead(module, readers, graph);
      return node ? [{ layer: layer(module.name, node, module.depth), at: order.get(node)! }] : [];
    })
    .sort((a, b) => a.at - b.at || b.layer.depth - a.layer.depth)
    .map((each) => each.layer);
}

function choose(modules: readonly Module[], set: LayerSet, graph: TypedGraph): readonly Module[] {
  const leaves = modules.filter(({ children }) => children.size === 0);
  switch (set) {
    case 'modules':
      return modules;
    case 'leaf':
      return leaves;
    case 'conv':
      return leaves.filter(({ nodes }) => nodes.some(({ op }) => CONVOLUTIONS.has(op)));
    case 'block':
      return blocks(modules, graph);
  }
}

/** Containers at the depth where most joins stand that lie in no other join; else the leaves that join. */
function blocks(modules: readonly Module[], graph: TypedGraph): Module[] {
  const containers = modules.filter(({ children }) => children.size > 0);
  const joining = containers.filter(({ nodes }) => nodes.some((node) => joins(node, graph)));
  const inner = new Set(joining.flatMap(descendants));
  const depths = joining.filter((module) => !inner.has(module)).map(({ depth }) => depth);
  const count = (depth: number): number => depths.filter((other) => other === depth).length;
  const [best] = [...new Set(depths)].sort((a, b) => count(b) - count(a) || a - b);
  if (best !== undefined) return containers.filter(({ depth }) => depth === best);
  return modules.filter(({ nodes }) => nodes.some((node) => joins(node, graph)));
}

function unnamedLayers(graph: TypedGraph, set: LayerSet): Layer[] {
  const leaves = graph.nodes.filter((node) => computes(node) && isTapped(node, graph));
  const pick = (fits: (node: Node) => boolean): Layer[] =>
    leaves.filter(fits).map((node) => layer(node.name || node.outputs[0], node, 1));
  if (set === 'conv') return pick(({ op }) => CONVOLUTIONS.has(op));
  const all = pick(() => true);
  if (set !== 'block') return all;
  const joined = pick((node) => joins(node, graph));
  const pooled = pick(({ op }) => POOLS.test(op));
  return [joined, pooled, all].find((layers) => layers.length > 0) ?? [];
}

const layer = (name: string, node: Node, depth: number): Layer => ({
  name,
  value: node.outputs[0],
  depth,
});

const computes = ({ op }: Node): boolean => !MOVES.has(op);

/** Activations are floats of an image: a constant or a shape is no layer. */
function isTapped(node: Node, graph: TypedGraph): boolean {
  const type = graph.types.get(node.outputs[0]);
  return type !== undefined && isFloat(type) && type.dims.length > 0;
}

/** Whether a node brings branches together: at least two of its inputs, none of them constant. */
function joins({ op, inputs }: Node, { constants }: TypedGraph): boolean {
  return JOINS.has(op) && new Set(inputs.filter((input) => !constants.has(input))).size >= 2;
}

function readersOf(graph: TypedGraph): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  return readers;
}

/** The last node of a module whose value the rest of the network reads. */
function lastRead(
  module: Module,
  readers: ReadonlyMap<string, readonly Node[]>,
  graph: TypedGraph,
): Node | undefined {
  const within = new Set(nodesWithin(module));
  const nodes = graph.nodes.filter((node) => within.has(node) && isTapped(node, graph));
  const leaves = ({ outputs: [value] }: Node): boolean =>
    graph.outputs.includes(value) || (readers.get(value) ?? []).some((node) => !within.has(node));
  return nodes.findLast(leaves) ?? nodes[nodes.length - 1];
}
