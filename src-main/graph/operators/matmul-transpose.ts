import type { Builder } from '../builder.ts';
import { sizeOf, type Tensor } from '../ir.ts';
import { allocate } from '../tensor.ts';

/** Exchanges the last two axes of a tensor. */
export function swapLast(source: Tensor): Tensor {
  const [rows, columns] = source.dims.slice(-2);
  const data = allocate(source.dtype, sizeOf(source.dims));
  for (let i = 0; i < data.length; i++) {
    const matrix = Math.floor(i / (rows * columns)) * rows * columns;
    const within = i - matrix;
    data[i] = source.data[matrix + (within % rows) * columns + Math.floor(within / rows)];
  }
  return { dtype: source.dtype, dims: [...source.dims.slice(0, -2), columns, rows], data };
}

/** Exchanges the last two axes of a value: here and now where it is constant, so that no run has to. */
export function transposedLast(build: Builder, value: string): string {
  const known = build.constants.get(value);
  if (known) return build.constant(swapLast(known), 'transposed');
  const axes = build.dims(value).map((_, axis) => axis);
  const [row, column] = axes.slice(-2);
  return build.transpose(value, [...axes.slice(0, -2), column, row]);
}
