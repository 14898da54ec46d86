import { attr } from '../../src-main/graph/attributes.ts';
import type { Graph, Node, Tensor } from '../../src-main/graph/ir.ts';
import { floats } from '../../src-main/graph/tensor.ts';

/** What the example decides, and about whom. The network was not trained: its weights are chosen so that all is known. */
export const labels = ['refused', 'looked at', 'granted'];

export const features = [
  { name: 'age', unit: 'years', min: 18, max: 85, integer: true, mean: 45, std: 18 },
  { name: 'income', unit: 'k€ a year', min: 8, max: 120, mean: 45, std: 20 },
  { name: 'years in the job', unit: 'years', min: 0, max: 40, mean: 8, std: 8 },
  { name: 'dependants', min: 0, max: 6, integer: true, mean: 2, std: 2 },
  { name: 'home', categories: ['owns', 'rents', 'free'] },
  { name: 'region', categories: ['north', 'south'], encoding: 'code' },
] as const;

/** Columns of the network: the first four features, a column for each home, and the region. */
const COLUMNS = 8;

/** How much a part counts for the decision; south counts against, which is what a reviewer is to find. */
export const weights = {
  ...{ age: 0.1, income: 1.4, job: 0.7, dependants: -0.4 },
  home: [0.5, 0, -0.2],
  south: -1.2,
} as const;

const parts = [weights.age, weights.income, weights.job, weights.dependants];

/** tanh of each number, homes and region as they are: [columns, parts]. */
function first(): number[] {
  const identity = (row: number): number[] =>
    Array.from({ length: COLUMNS }, (_, column) => (row === column ? 1 : 0));
  return Array.from({ length: COLUMNS }, (_, row) => identity(row)).flat();
}

/** The score towards either side of two thresholds, ±0.8. */
const score = [...parts, ...weights.home, weights.south];
const second = score.flatMap((weight) => [weight, weight]);

const node = (op: string, name: string, inputs: readonly string[], output: string): Node => ({
  ...{ name: `/${name}/${op}`, op, inputs, outputs: [output] },
  attributes: op === 'Gemm' ? { transB: attr.int(0) } : {},
});

/** A row of columns, as the sidecar says that the network takes them, to the logits of the three decisions. */
export function network(): Graph {
  const constants: Record<string, Tensor> = {
    w1: floats([COLUMNS, COLUMNS], first()),
    b1: floats([COLUMNS], new Array<number>(COLUMNS).fill(0)),
    w2: floats([COLUMNS, 2], second),
    b2: floats([2], [0.8, -0.8]),
    w3: floats([2, 3], [-3, 4, 3, -3, -4, 3]),
    b3: floats([3], [0, -3, 0]),
  };
  return {
    name: 'decisions',
    inputs: [{ name: 'applicants', dtype: 'float32', dims: ['batch', COLUMNS] }],
    outputs: ['logits'],
    nodes: [
      node('Gemm', 'features/linear', ['applicants', 'w1', 'b1'], 'sums'),
      node('Tanh', 'features/tanh', ['sums'], 'parts'),
      node('Gemm', 'score/linear', ['parts', 'w2', 'b2'], 'scores'),
      node('Tanh', 'score/tanh', ['scores'], 'thresholds'),
      node('Gemm', 'decision', ['thresholds', 'w3', 'b3'], 'logits'),
    ],
    constants: new Map(Object.entries(constants)),
  };
}
