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
 * One step of Adam with bias correction, in place.
 * @param step number of steps taken before, from 0
 * @param gradient of the loss that is minimised, as long as `parameters`
 */
export function adam(
  options: AdamOptions,
  step: number,
  parameters: Float32Array,
  gradient: Float32Array,
  moments: Moments,
): void {
  const { first, second } = moments;
  const [beta1, beta2] = options.betas;
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  const rate = options.learningRate / (1 - beta1 ** (step + 1));
  const correction = 1 / (1 - beta2 ** (step + 1));
  const epsilon = options.epsilon;
  for (let i = 0; i < parameters.length; i++) {
    const slope = gradient[i];
    const mean = beta1 * first[i] + rest1 * slope;
    const square = beta2 * second[i] + rest2 * slope * slope;
    first[i] = mean;
    second[i] = square;
    parameters[i] -= (rate * mean) / (Math.sqrt(square * correction) + epsilon);
  }
}
