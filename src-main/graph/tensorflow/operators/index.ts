import type { Converter } from '../operation.ts';
import { activations } from './activation.ts';
import { batchSpaces } from './batch-space.ts';
import { convolutions } from './convolution.ts';
import { elementwises } from './elementwise.ts';
import { matrixProducts } from './matmul.ts';
import { normalisations } from './normalisation.ts';
import { paddings } from './padding.ts';
import { poolings } from './pooling.ts';
import { reductions } from './reduction.ts';
import { resizes } from './resize.ts';
import { selections } from './selection.ts';
import { shapes } from './shape.ts';
import { slices } from './slice.ts';
import { stacks } from './stack.ts';

const converters = new Map<string, Converter>(
  Object.entries({
    ...elementwises,
    ...activations,
    ...convolutions,
    ...batchSpaces,
    ...poolings,
    ...normalisations,
    ...paddings,
    ...reductions,
    ...matrixProducts,
    ...resizes,
    ...shapes,
    ...slices,
    ...selections,
    ...stacks,
  }),
);

/** How an operation of TensorFlow is read; `undefined` where it is not. */
export function convertersOf(op: string): Converter | undefined {
  return converters.get(op);
}

/** Names of all operations of TensorFlow that are read, in alphabetical order. */
export const readOperations: readonly string[] = [...converters.keys()].sort();
