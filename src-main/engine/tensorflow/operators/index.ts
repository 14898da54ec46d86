import type { Operation, Operations } from '../operation.ts';
import { comparison } from './comparison.ts';
import { convolutions } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { gathers } from './gather.ts';
import { normalisation } from './normalisation.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { rectifiers } from './rectifiers.ts';
import { reduction } from './reduction.ts';
import { resizing } from './resize.ts';
import { sections } from './sections.ts';
import { shape } from './shape.ts';
import { softmax } from './softmax.ts';

const operations: Operations = {
  ...elementwise,
  ...rectifiers,
  ...comparison,
  ...reduction,
  ...products,
  ...softmax,
  ...normalisation,
  ...shape,
  ...sections,
  ...gathers,
  ...resizing,
  ...convolutions,
  ...pooling,
};

/** ONNX operators that TensorFlow computes. Those that only make constants are folded before an engine sees them. */
export const tensorFlowOperators: readonly string[] = Object.keys(operations);

export const operationOf = (name: string): Operation | undefined =>
  Object.hasOwn(operations, name) ? operations[name] : undefined;
