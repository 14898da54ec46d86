import { kernelsOf } from './kernels/arena.ts';

/** Options of Adam (Kingma and Ba 2015, algorithm 1). */
export interface AdamOptions {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
}

/** First and second moments of the gradient, one entry a parameter. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * One step of Adam with bias correction, in place. All arrays lie in one arena.
 * @param step number of steps taken before, from 0
 * @param gradient of the loss that is minimised, as long as `parameters`
 */
export function adam(
  options: AdamOptions,
  step: number,
  parameters: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
): void {
  const [beta1, beta2] = options.betas;
  const rate = options.learningRate / (1 - beta1 ** (step + 1));
  const correction = 1 / (1 - beta2 ** (step + 1));
  kernelsOf(parameters).adam(
    parameters.length,
    ...([parameters.byteOffset, gradient.byteOffset, first.byteOffset, second.byteOffset] as const),
    ...([beta1, 1 - beta1, beta2, 1 - beta2, rate, correction, options.epsilon] as const),
  );
}
