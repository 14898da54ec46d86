import { describe, expect, it } from 'vitest';
import { layersOf } from '../../classifier/layers.ts';
import { uniform } from '../../../test/support/random.ts';
import { differentiateClasses } from '../../../test/support/objective.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { readSafetensors } from '../safetensors/read.ts';
import { specialise } from '../specialise.ts';
import { golden, goldenNames, safetensorsOf } from './golden.fixture.ts';

const at = temporaryFolder();
const TOLERANCE = 1e-4;

function expectNear(found: readonly number[], expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
  expect(worst / largest).toBeLessThan(TOLERANCE);
}

describe.each(goldenNames)('the weights of %s', (name) => {
  const expected = golden(name);
  const path = (): string => save(at(`${name}.safetensors`), safetensorsOf(expected));
  const typed = () => {
    const { graph } = readSafetensors(path());
    const dims = [2, 3, expected.size, expected.size];
    return specialise(graph, { [graph.inputs[0].name]: dims });
  };

  it("give PyTorch's logits and input gradient", async () => {
    const graph = typed();
    const image = uniform([2, 3, expected.size, expected.size], -2, 2, 1000);
    const [logits] = graph.outputs;
    const { values, gradient } = await differentiateClasses(graph, logits, [1, 4], image);
    expectNear(Array.from(values.data, Number), expected.logits);
    const slopes = Array.from(gradient.data, Number);
    expectNear(
      expected.at.map((index) => slopes[index]),
      expected.gradient,
    );
    expect(Math.hypot(...slopes) / expected.gradientNorm).toBeCloseTo(1, 4);
  }, 60_000);

  it('name their modules as PyTorch does, in its order', () => {
    const graph = typed();
    const names = layersOf(graph, 'modules').map((layer) => layer.name);
    expect(names).toEqual(expected.modules);
  });
});
