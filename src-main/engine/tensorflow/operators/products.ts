import { floatAttr, intAttr, stringAttr } from '../../../graph/attributes.ts';
import { broadcastDims } from '../../../graph/broadcast.ts';
import { sizeOf } from '../../../graph/ir.ts';
import { parseEquation } from '../../../graph/operators/einsum-equation.ts';
import type { Handle, Kernel, Operations, Site, TF } from '../operation.ts';

/** Matrix products. https://onnx.ai/onnx/operators/ */

/** numpy.matmul for all ranks: a vector on the left is a row, on the right a column. */
function matMul(site: Site): Kernel {
  const { tf, inputs, outputs } = site;
  const [a, b] = inputs.map((input) => input!.dims);
  const left = a.length === 1 ? [1, a[0]] : [...a];
  const right = b.length === 1 ? [b[0], 1] : [...b];
  const dims = [...outputs[0].dims];
  if (right.length === 2) {
    // One matrix on the right multiplies all rows at once; a batch of products would go one by one.
    const rows = [sizeOf(left.slice(0, -1)), left[left.length - 1]];
    const run = (x: Handle, y: Handle): Handle =>
      tf.matMul(tf.reshape(x, rows), tf.reshape(y, right));
    return { run: ([x, y]) => tf.reshape(run(x, y), dims) };
  }
  // TensorFlow.js counts the matrices of a batch wrongly where they are to be repeated.
  const batch = broadcastDims([left.slice(0, -2), right.slice(0, -2)]);
  const repeated = (x: Handle, own: readonly number[]): Handle =>
    tf.reshape(tf.broadcastTo(tf.reshape(x, [...own]), [...batch, ...own.slice(-2)]), [
      sizeOf(batch),
      ...own.slice(-2),
    ]);
  return { run: ([x, y]) => tf.reshape(tf.matMul(repeated(x, left), repeated(y, right)), dims) };
}

/** alpha · A′ · B′ + beta · C, where ′ may transpose. */
function gemm({ tf, node, inputs }: Site): Kernel {
  const [alpha, beta] = [floatAttr(node, 'alpha', 1), floatAttr(node, 'beta', 1)];
  const [turnA, turnB] = ['transA', 'transB'].map((name) => intAttr(node, name, 0) !== 0);
  const scaled = (x: Handle, by: number): Handle => (by === 1 ? x : tf.mul(x, by));
  return {
    run: ([a, b, c]) => {
      const product = scaled(tf.matMul(a, b, turnA, turnB), alpha);
      return inputs[2] && beta !== 0 ? tf.add(product, scaled(c, beta)) : product;
    },
  };
}

/** An operand of an Einstein summation: a letter for each axis. */
interface Term {
  readonly letters: string;
  readonly value: Handle;
}

/** Operands are contracted from left to right; an index is summed as soon as nobody needs it any more. */
function einsum({ tf, node, inputs, outputs }: Site): Kernel {
  const shapes = inputs.map((input) => input!.dims);
  const ranks = shapes.map((dims) => dims.length);
  const { terms, result } = parseEquation(stringAttr(node, 'equation', ''), ranks);
  return {
    run: (values) => {
      const operands = values.map((value, i): Term => ({ letters: terms[i], value }));
      const whole = operands.reduce((a, b, i) =>
        contract(tf, a, b, result + terms.slice(i + 1).join('')),
      );
      return tf.reshape(arrange(tf, whole, result), [...outputs[0].dims]);
    },
  };
}

/** The term with its axes in the order of `letters`: other axes are summed, missing ones become 1. */
function arrange(tf: TF, { letters, value }: Term, wanted: string): Handle {
  const gone = Array.from(letters).flatMap((letter, axis) =>
    wanted.includes(letter) ? [] : [axis],
  );
  const rest = Array.from(letters).filter((letter) => wanted.includes(letter));
  const summed = gone.length === 0 ? value : tf.sum(value, gone);
  const order = Array.from(wanted).filter((letter) => rest.includes(letter));
  const turned = tf.transpose(
    summed,
    order.map((letter) => rest.indexOf(letter)),
  );
  let next = 0;
  const dims = Array.from(wanted).map((letter) =>
    rest.includes(letter) ? turned.shape[next++] : 1,
  );
  return tf.reshape(turned, dims);
}

/** A product of two terms as a batch of matrix products. @param later letters that are still needed */
function contract(tf: TF, a: Term, b: Term, later: string): Term {
  const inBoth = Array.from(a.letters).filter((letter) => b.letters.includes(letter));
  const batch = inBoth.filter((letter) => later.includes(letter)).join('');
  const summed = inBoth.filter((letter) => !later.includes(letter)).join('');
  const own = (from: string, other: string): string =>
    Array.from(from)
      .filter((letter) => !other.includes(letter) && later.includes(letter))
      .join('');
  const [left, right] = [own(a.letters, b.letters), own(b.letters, a.letters)];
  const [x, y] = stretched(
    tf,
    arrange(tf, a, batch + left + summed),
    arrange(tf, b, batch + summed + right),
    {
      batch: batch.length,
      x: batch.length + left.length,
      y: batch.length,
      count: summed.length,
    },
  );
  const split = (dims: readonly number[], from: number, count: number): number =>
    sizeOf(dims.slice(from, from + count));
  const [n, k] = [split(x.shape, 0, batch.length), split(y.shape, batch.length, summed.length)];
  const product = tf.matMul(
    tf.reshape(x, [n, split(x.shape, batch.length, left.length), k]),
    tf.reshape(y, [n, k, split(y.shape, batch.length + summed.length, right.length)]),
  );
  const dims = [
    ...x.shape.slice(0, batch.length + left.length),
    ...y.shape.slice(batch.length + summed.length),
  ];
  return { letters: batch + left + right, value: tf.reshape(product, dims) };
}

/** An index that is 1 in one operand and longer in the other is repeated there. */
function stretched(
  tf: TF,
  x: Handle,
  y: Handle,
  at: { batch: number; x: number; y: number; count: number },
): [Handle, Handle] {
  const [left, right] = [[...x.shape], [...y.shape]];
  const match = (i: number, j: number): void => {
    left[i] = right[j] = Math.max(left[i], right[j]);
  };
  for (let i = 0; i < at.batch; i++) match(i, i);
  for (let i = 0; i < at.count; i++) match(at.x + i, at.y + i);
  return [tf.broadcastTo(x, left), tf.broadcastTo(y, right)];
}

export const products: Operations = { MatMul: matMul, Gemm: gemm, Einsum: einsum };
