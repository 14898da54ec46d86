import type { Builder } from './builder.ts';
import { close, extend } from './differentiate.ts';
import type { Node, Tensor, TypedGraph } from './ir.ts';

/** A node that may be rewritten, and what a rewrite may ask and use. */
export interface Site {
  readonly node: Node;
  /** Adds the nodes of the replacement. */
  readonly build: Builder;
  /** The node, already rewritten, that makes a value; `undefined` for inputs and constants. */
  readonly producer: (value: string) => Node | undefined;
  /** Whether this node alone reads a value, so that the value may vanish. */
  readonly isSole: (value: string) => boolean;
  readonly constant: (index: number) => Tensor | undefined;
}

/** An equal value for the node's first output (an older value, or a new one of `build`), or `null`. */
export type Rewrite = (site: Site) => string | null;

/**
 * Applies rewrites to a graph, from inputs to outputs, each node once. All values that remain keep their names.
 * @param keep values, besides the outputs, that must remain
 */
export function rewrite(
  graph: TypedGraph,
  rewrites: Readonly<Record<string, readonly Rewrite[]>>,
  keep: readonly string[],
): TypedGraph {
  const pass = new Pass(graph, keep);
  for (const node of graph.nodes) pass.visit(node, rewrites[node.op] ?? []);
  return close({ ...graph, nodes: [] }, pass.build, graph.outputs);
}

class Pass {
  readonly build: Builder;
  readonly #kept: ReadonlySet<string>;
  readonly #readers = new Map<string, number>();
  readonly #producers = new Map<string, Node>();
  readonly #renamed = new Map<string, string>();

  constructor(graph: TypedGraph, keep: readonly string[]) {
    this.build = extend(graph, freshPrefix(graph));
    this.#kept = new Set([...keep, ...graph.outputs]);
    for (const node of graph.nodes) {
      for (const input of new Set(node.inputs)) {
        this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
      }
    }
  }

  visit(original: Node, rewrites: readonly Rewrite[]): void {
    const inputs = original.inputs.map((input) => this.#renamed.get(input) ?? input);
    const node = { ...original, inputs };
    for (const attempt of rewrites) {
      const start = this.build.nodes.length;
      const value = attempt(this.#site(node));
      if (value === null) continue;
      if (this.#replace(node.outputs[0], value, start)) return;
    }
    this.build.nodes.push(node);
    this.#register(node);
  }

  /** Puts `value` in the place of `output`. @returns whether that is possible */
  #replace(output: string, value: string, start: number): boolean {
    const added = this.build.nodes.splice(start);
    const last = added.at(-1);
    if (last?.outputs[0] === value) {
      added[added.length - 1] = { ...last, outputs: [output] };
    } else {
      if (this.#kept.has(output)) return false;
      this.#renamed.set(output, value);
      const readers = (this.#readers.get(value) ?? 0) - 1 + (this.#readers.get(output) ?? 0);
      this.#readers.set(value, readers);
    }
    this.build.nodes.push(...added);
    added.forEach((node) => this.#register(node));
    return true;
  }

  #register(node: Node): void {
    for (const output of node.outputs) this.#producers.set(output, node);
  }

  #site(node: Node): Site {
    return {
      node,
      build: this.build,
      producer: (value) => this.#producers.get(value),
      isSole: (value) => this.#readers.get(value) === 1 && !this.#kept.has(value),
      constant: (index) => this.build.constants.get(node.inputs[index] ?? ''),
    };
  }
}

/** A prefix that starts no name of the graph: rewriting may happen several times. */
function freshPrefix(graph: TypedGraph): string {
  const names = [...graph.types.keys()];
  for (let i = 0; ; i++) {
    const prefix = `rewritten${i}/`;
    if (!names.some((name) => name.startsWith(prefix))) return prefix;
  }
}
