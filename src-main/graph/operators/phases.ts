import { attr } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { sizeOf } from '../ir.ts';
import { cartesian } from './cartesian.ts';
import { isInBlocks, pick } from './movement.ts';
import { pad, slice } from './spatial.ts';

/**
 * Moves phases from channels to space: [N, C·phases, n…] to [N, C, n·stride…], element i of phase r to position
 * stride·i + r; phases that are not listed stay zero.
 * @param strides, phases one entry per spatial axis
 */
export function interleave(
  build: Builder,
  value: string,
  strides: readonly number[],
  phases: readonly (readonly number[])[],
): string {
  const counts = phases.map((list) => list.length);
  const full = counts.every((count, axis) => count === strides[axis]);
  if (full && strides.length === 2 && strides[0] === strides[1]) {
    if (strides[0] === 1) return value;
    const mode = { blocksize: attr.int(strides[0]), mode: attr.string('CRD') };
    return build.add('DepthToSpace', [value], mode);
  }
  const [batch, channels, ...counted] = build.dims(value);
  const kept = channels / sizeOf(counts);
  const rank = strides.length;
  const split = build.reshape(value, [batch, kept, ...counts, ...counted]);
  const order = strides.flatMap((_, axis) => [2 + rank + axis, 2 + axis]);
  const merged = build.transpose(split, [0, 1, ...order]);
  const spread = spreadPhases(build, merged, strides, phases);
  return build.reshape(spread, [batch, kept, ...counted.map((n, axis) => n * strides[axis])]);
}

/**
 * Takes [N, C, spatial…], whose spatial dimensions are multiples of the strides, apart into phases: element i of phase
 * r is position stride·i + r.
 * @returns values [N, C, spatial / stride…] in row-major order of the phases
 */
export function phasesOf(build: Builder, value: string, strides: readonly number[]): string[] {
  const [batch, channels, ...spatial] = build.dims(value);
  const [count, stride] = [sizeOf(strides), strides[0]];
  if (count === 1) return [value];
  if (isInBlocks(build, value))
    return cartesian(strides).map((place) => pick(build, value, strides, place, { strides }));
  if (strides.length === 2 && strides[1] === stride) {
    const moved = build.add('SpaceToDepth', [value], { blocksize: attr.int(stride) });
    return split(build, moved, 1, count);
  }
  const apart = spatial.flatMap((dim, axis) => [dim / strides[axis], strides[axis]]);
  const paired = build.reshape(value, [batch, channels, ...apart]);
  const parts = strides.reduce(
    (values, size, axis) => values.flatMap((part) => split(build, part, 3 + 2 * axis, size)),
    [paired],
  );
  const dims = [batch, channels, ...spatial.map((dim, axis) => dim / strides[axis])];
  return parts.map((part) => build.reshape(part, dims));
}

/** A GPU binds at least 8 buffers at once, and so many results of one node it can write. */
const MAX_SPLIT = 4;

/** Equal parts along an axis. */
export function split(build: Builder, value: string, axis: number, count: number): string[] {
  if (count === 1) return [value];
  if (count > MAX_SPLIT) {
    const size = build.dims(value)[axis] / count;
    return Array.from({ length: count }, (_, i) =>
      slice(build, value, axis, i * size, (i + 1) * size),
    );
  }
  const attributes = { axis: attr.int(axis), num_outputs: attr.int(count) };
  return build.addMany('Split', [value], attributes, count);
}

/**
 * The inverse of `phasesOf`.
 * @param parts `null` for a phase that is zero; at least one is not
 */
export function interleaveParts(
  build: Builder,
  parts: readonly (string | null)[],
  strides: readonly number[],
): string {
  if (parts.length === 1) return parts[0]!;
  const dims = build.dims(parts.find((part) => part !== null)!);
  const zeros = parts.includes(null) ? build.zeros(dims) : '';
  const values = parts.map((part) => part ?? zeros);
  if (strides.length !== 2 || strides[0] !== strides[1]) return joinParts(build, values, strides);
  const stacked = build.add('Concat', values, { axis: attr.int(1) });
  const mode = { blocksize: attr.int(strides[0]), mode: attr.string('DCR') };
  return build.add('DepthToSpace', [stacked], mode);
}

/** Joins phases [N, C, spatial…] one axis after the other, the innermost first. */
export function joinParts(
  build: Builder,
  parts: readonly string[],
  strides: readonly number[],
): string {
  let values = parts;
  for (let axis = strides.length - 1; axis >= 0; axis--) {
    values = joinAlong(build, values, axis + 2, strides[axis]);
  }
  return values[0];
}

/** Interleaves every `stride` consecutive values along an axis. */
function joinAlong(
  build: Builder,
  values: readonly string[],
  axis: number,
  stride: number,
): readonly string[] {
  if (stride === 1) return values;
  const dims = build.dims(values[0]);
  const apart = dims.toSpliced(axis + 1, 0, 1);
  return Array.from({ length: values.length / stride }, (_, i) => {
    const group = values.slice(i * stride, (i + 1) * stride);
    const columns = group.map((value) => build.reshape(value, apart));
    const stacked = build.add('Concat', columns, { axis: attr.int(axis + 1) });
    return build.reshape(stacked, dims.with(axis, dims[axis] * stride));
  });
}

/** Pads [N, C, n1, phases1, n2, phases2, …] so that every axis has all phases. */
function spreadPhases(
  build: Builder,
  value: string,
  strides: readonly number[],
  phases: readonly (readonly number[])[],
): string {
  let result = value;
  strides.forEach((stride, axis) => {
    result = spreadAxis(build, result, 3 + 2 * axis, stride, phases[axis]);
  });
  return result;
}

function spreadAxis(
  build: Builder,
  value: string,
  axis: number,
  stride: number,
  phases: readonly number[],
): string {
  if (phases.length === stride) return value;
  const contiguous = phases.every((phase, i) => phase === phases[0] + i);
  if (contiguous) {
    const zeros = build.dims(value).map(() => 0);
    const begin = zeros.with(axis, phases[0]);
    return pad(build, value, begin, zeros.with(axis, stride - phases[0] - phases.length));
  }
  const parts = phases.map((phase, i) => {
    const gap = (phases[i + 1] ?? stride) - phase - 1;
    const zeros = build.dims(value).map(() => 0);
    const part = slice(build, value, axis, i, i + 1);
    return pad(build, part, zeros.with(axis, i === 0 ? phase : 0), zeros.with(axis, gap));
  });
  return build.add('Concat', parts, { axis: attr.int(axis) });
}
