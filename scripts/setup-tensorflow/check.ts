/** Computes a convolution and its gradient with the package in a folder, and says what computed. */
import { loadBackend } from '../../src-main/engine/tensorflow/backend.ts';
import { physicalParallelism } from '../../src-main/engine/processor.ts';

const SIZE = 8;
const FILTERS = 4;

const [, , folder] = process.argv;
const threads = physicalParallelism();
const { tf, facts } = await loadBackend({ kind: 'open', backend: 'tensorflow', folder, threads });

const kernel = tf.ones([3, 3, 3, FILTERS]);
const sum = (x: ReturnType<typeof tf.ones>) =>
  tf.sum(tf.conv2d(x as never, kernel as never, 1, 'same'));
const gradient = tf.grad(sum)(tf.ones([1, SIZE, SIZE, 3]));

/** Windows of three that look at a place, along one axis. */
const seen = (at: number): number => (at === 0 || at === SIZE - 1 ? 2 : 3);
gradient.dataSync().forEach((value, i) => {
  const [row, column] = [Math.floor(i / 3 / SIZE), Math.floor(i / 3) % SIZE];
  const expected = FILTERS * seen(row) * seen(column);
  if (value !== expected) throw new Error(`the gradient is ${value}, not ${expected}`);
});
console.log(JSON.stringify(facts));
process.exit(0);
