import type { Node, TypedGraph } from '../graph/ir.ts';

/** A module of the network as its exporter names it, with the nodes that stand in it directly. */
export interface Module {
  /** The name that a PyTorch user knows, e.g. `layer1.0.conv1`; the empty name is the network itself. */
  readonly name: string;
  readonly depth: number;
  readonly nodes: Node[];
  readonly children: Map<string, Module>;
}

/**
 * The tree of modules, from the names of the nodes: exporters write the way to a node as `/layer1/layer1.0/conv1/Conv`
 * (PyTorch, where a part may repeat its parent's name; its newer exporter keeps the way in the node's metadata, and
 * reading the file puts it into the name) or `model/block1_conv1/Conv2D` (TensorFlow).
 * A module that runs again counts once, with what it does last, as a hook on the module sees it. The older exporter
 * gives it a number (`relu_1` beside `relu`), so two modules of such names that do the same without weights are taken
 * for one; the newer gives both runs one name.
 */
export function moduleTree({ nodes, constants }: TypedGraph): Module {
  const root = emptyModule('', 0);
  const paths = nodes.map((node) => pathOf(node.name));
  const shared = sharedScope(nodes, paths);
  nodes.forEach((node, i) => insert(root, node, paths[i].slice(shared)));
  mergeRepeats(root, new Set(constants.keys()));
  return root;
}

/** All modules below one, each before its children. */
export function descendants(module: Module): Module[] {
  return [...module.children.values()].flatMap((child) => [child, ...descendants(child)]);
}

/** A module's nodes and those of all modules in it. */
export function nodesWithin(module: Module): Node[] {
  return [module, ...descendants(module)].flatMap(({ nodes }) => nodes);
}

const emptyModule = (name: string, depth: number): Module => ({
  name,
  depth,
  nodes: [],
  children: new Map(),
});

/** The modules on the way to a node; its own name is the last part and names no module. */
function pathOf(name: string): string[] {
  return name
    .split('/')
    .slice(0, -1)
    .filter((part) => part !== '');
}

/**
 * How many parts every TensorFlow name starts with alike: the name of the whole model. PyTorch's names start with a
 * slash and leave the model out.
 */
function sharedScope(nodes: readonly Node[], paths: readonly string[][]): number {
  const scoped = paths.filter((path) => path.length > 0);
  if (scoped.length === 0 || nodes.some(({ name }) => name.startsWith('/'))) return 0;
  const [first] = scoped;
  const differs = first.findIndex((part, i) => scoped.some((path) => path[i] !== part));
  return Math.max(0, differs < 0 ? first.length - 1 : differs);
}

function insert(root: Module, node: Node, path: readonly string[]): void {
  const separator = node.name.startsWith('/') ? '.' : '/';
  let module = root;
  path.forEach((part, i) => {
    let child = module.children.get(part);
    if (!child) {
      child = emptyModule(qualified(module.name, path[i - 1] ?? '', part, separator), i + 1);
      module.children.set(part, child);
    }
    module = child;
  });
  module.nodes.push(node);
}

/** `layer1` and `layer1.0` make `layer1.0`, `layer1.0` and `conv1` make `layer1.0.conv1`. */
function qualified(parent: string, parentPart: string, part: string, separator: string): string {
  if (parent === '') return part;
  if (parentPart !== '' && part.startsWith(`${parentPart}.`)) {
    return parent.slice(0, parent.length - parentPart.length) + part;
  }
  return parent + separator + part;
}

/** Replaces what a module did by what it did when it ran again. */
function mergeRepeats(module: Module, constants: ReadonlySet<string>): void {
  for (const child of module.children.values()) mergeRepeats(child, constants);
  for (const [part, child] of [...module.children]) {
    const base = /^(.+)_\d+$/.exec(part)?.[1];
    const first = base === undefined ? undefined : module.children.get(base);
    if (!first || !isSameModule(first, child, constants)) continue;
    module.children.delete(part);
    module.children.set(base!, renamed(child, child.name, first.name));
  }
}

/** The same operators with the same weights, in a graph of PyTorch's: elsewhere a number is part of a name. */
function isSameModule(a: Module, b: Module, constants: ReadonlySet<string>): boolean {
  const signature = (module: Module): string =>
    JSON.stringify(
      nodesWithin(module).map(({ op, inputs }) => [
        op,
        inputs.filter((name) => constants.has(name)),
      ]),
    );
  return nodesWithin(b).every(({ name }) => name.startsWith('/')) && signature(a) === signature(b);
}

function renamed(module: Module, from: string, to: string): Module {
  const children = [...module.children].map(
    ([part, child]) => [part, renamed(child, from, to)] as const,
  );
  return { ...module, name: to + module.name.slice(from.length), children: new Map(children) };
}
