import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { Arena } from './kernels/arena.ts';
import golden from './golden/adam.json' with { type: 'json' };

const options = { learningRate: 0.05, betas: [0.9, 0.999], epsilon: 1e-8 } as const;

describe('adam', () => {
  it('walks the path of torch.optim.Adam for 20 steps', () => {
    const arena = new Arena(1e5);
    const parameters = arena.copy(golden.start);
    const moments = { first: arena.floats(6), second: arena.floats(6) };
    golden.path.forEach((expected, step) => {
      adam(options, step, parameters, arena.copy(golden.gradients[step]), moments);
      parameters.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(2e-6));
    });
  });

  it('first moves by the learning rate against the sign of the gradient, whatever its size', () => {
    const arena = new Arena(1e5);
    const parameters = arena.floats(3);
    const moments = { first: arena.floats(3), second: arena.floats(3) };
    adam(options, 0, parameters, arena.copy([1e-3, -1e3, 0]), moments);
    expect(parameters[0]).toBeCloseTo(-0.05, 5);
    expect(parameters[1]).toBeCloseTo(0.05, 5);
    expect(parameters[2]).toBe(0);
  });
});
