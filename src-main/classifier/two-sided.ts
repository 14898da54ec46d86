import type { Graph, Node } from '../graph/ir.ts';
import type { Logits } from '../graph/logits.ts';
import { floats } from '../graph/tensor.ts';

/** The logits of a classifier, as many as it has classes. */
export interface Sided {
  readonly graph: Graph;
  readonly classes: number;
  readonly notes: readonly string[];
}

const HALVES = 'logit, both sides';

/**
 * A single score z behind a sigmoid decides between two classes. As logits they are −z/2 and z/2: their softmax is
 * 1 − sigmoid(z) and sigmoid(z), and a prototype of either class can be made. Other classifiers stay as they are.
 * @param graph whose only output is the logits [N, classes]
 */
export function twoSided(graph: Graph, { cut, classes }: Pick<Logits, 'cut' | 'classes'>): Sided {
  if (classes !== 1 || cut !== 'Sigmoid') return { graph, classes, notes: [] };
  const [score] = graph.outputs;
  const output = `${score}:both`;
  const product: Node = {
    ...{ name: output, op: 'Mul', inputs: [score, HALVES] },
    ...{ outputs: [output], attributes: {} },
  };
  return {
    graph: {
      ...graph,
      outputs: [output],
      nodes: [...graph.nodes, product],
      constants: new Map([...graph.constants, [HALVES, floats([1, 2], [-0.5, 0.5])]]),
    },
    classes: 2,
    notes: [
      `The model gives one score, ${score}: class 0 is what lowers it, class 1 what raises it.`,
    ],
  };
}
