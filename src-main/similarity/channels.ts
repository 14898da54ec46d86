import { sizeOf } from '../graph/ir.ts';

/**
 * Channel pooling: the spatial mean per channel, since a rotation of ±180° scrambles positions.
 *
 * Of one image's activations of shape [channels, …positions] (rank 4 and 5 with the batch) the mean over all positions;
 * of [tokens, features] (rank 3, transformers) the mean over the tokens; a plain feature vector (rank 2) is its own
 * pooled variant.
 */
export interface Pooling {
  /** Elements after pooling. */
  readonly length: number;
  pool(values: Float32Array): Float32Array;
}

/** @param dims of the value, the batch first */
export function poolingOf(dims: readonly number[]): Pooling {
  const inner = dims.slice(1);
  if (inner.length < 2) return { length: sizeOf(inner), pool: (values) => values };
  if (inner.length === 2) {
    const [tokens, features] = inner;
    return { length: features, pool: (values) => meanOverTokens(values, tokens, features) };
  }
  const [channels] = inner;
  return { length: channels, pool: (values) => meanOverPositions(values, channels) };
}

function meanOverPositions(values: Float32Array, channels: number): Float32Array {
  const positions = values.length / channels;
  return Float32Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel * positions; i < (channel + 1) * positions; i++) sum += values[i];
    return sum / positions;
  });
}

function meanOverTokens(values: Float32Array, tokens: number, features: number): Float32Array {
  return Float32Array.from({ length: features }, (_, feature) => {
    let sum = 0;
    for (let i = feature; i < values.length; i += features) sum += values[i];
    return sum / tokens;
  });
}
