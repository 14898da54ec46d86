import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attr } from '../graph/attributes.ts';
import { graphOf, node } from '../graph/onnx/model.fixture.ts';
import { writeOnnx } from '../graph/onnx/write.ts';
import type { Graph } from '../graph/ir.ts';
import { floats } from '../graph/tensor.ts';

/** A model file with its sidecar, in a folder that `remove` takes away. */
export interface WrittenTable {
  readonly folder: string;
  readonly path: string;
  remove(): void;
}

export function writeTable(graph: Graph, sidecar: unknown): WrittenTable {
  const folder = mkdtempSync(join(tmpdir(), 'eidoscope-table-'));
  const path = join(folder, 'table.onnx');
  writeFileSync(path, writeOnnx(graph));
  if (sidecar !== undefined) writeFileSync(join(folder, 'table.json'), JSON.stringify(sidecar));
  return { folder, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** logits = rows · weights + bias. @param weights one list a column, with a number for each class */
export function linearTable(
  weights: readonly (readonly number[])[],
  bias: readonly number[],
): Graph {
  const [columns, classes] = [weights.length, bias.length];
  return graphOf(
    { rows: ['N', columns] },
    ['logits'],
    [node('Gemm', ['rows', 'w', 'b'], ['logits'])],
    {
      w: floats([columns, classes], weights.flat()),
      b: floats([classes], bias),
    },
  );
}

/** A logit for each centre: −Σ ((value − centre) / width)², 0 where the row is the centre. */
export function bumpTable(
  centres: readonly (readonly number[])[],
  widths: readonly number[],
): Graph {
  const [classes, columns] = [centres.length, widths.length];
  return graphOf(
    { rows: ['N', columns] },
    ['logits'],
    [
      node('Unsqueeze', ['rows', 'axes'], ['spread']),
      node('Sub', ['spread', 'centres'], ['distance']),
      node('Div', ['distance', 'widths'], ['scaled']),
      node('Mul', ['scaled', 'scaled'], ['squared']),
      node('ReduceSum', ['squared', 'last'], ['sum'], { keepdims: attr.int(0) }),
      node('Neg', ['sum'], ['logits']),
    ],
    {
      axes: { dtype: 'int64', dims: [1], data: BigInt64Array.of(1n) },
      last: { dtype: 'int64', dims: [1], data: BigInt64Array.of(2n) },
      centres: floats([1, classes, columns], centres.flat()),
      widths: floats([columns], widths),
    },
  );
}

/** logits = tanh(rows · first + bias) · second. */
export function mlpTable(
  columns: number,
  first: readonly number[],
  bias: readonly number[],
  second: readonly number[],
): Graph {
  const hidden = bias.length;
  return graphOf(
    { rows: ['N', columns] },
    ['logits'],
    [
      node('Gemm', ['rows', 'first', 'bias'], ['sums']),
      node('Tanh', ['sums'], ['hidden']),
      node('MatMul', ['hidden', 'second'], ['logits']),
    ],
    {
      first: floats([columns, hidden], first),
      bias: floats([hidden], bias),
      second: floats([hidden, second.length / hidden], second),
    },
  );
}
