import { describe, expect, it } from 'vitest';
import { layersOf } from '../../classifier/layers.ts';
import { uniform } from '../../../test/support/random.ts';
import { differentiateClasses } from '../../../test/support/objective.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { readSafetensors } from '../safetensors/read.ts';
import type { TypedGraph } from '../ir.ts';
import { specialise } from '../specialise.ts';
import {
  golden,
  goldenNames,
  goldenNamesOfTimm,
  safetensorsOf,
  type GoldenNetwork,
} from './golden.fixture.ts';

const at = temporaryFolder();
const TOLERANCE = 1e-4;

function expectNear(found: readonly number[], expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
  expect(worst / largest).toBeLessThan(TOLERANCE);
}

function typed(expected: GoldenNetwork): TypedGraph {
  const { graph } = readSafetensors(save(at('model.safetensors'), safetensorsOf(expected)));
  const dims = [2, 3, expected.size, expected.size];
  return specialise(graph, { [graph.inputs[0].name]: dims });
}

async function expectPyTorchs(expected: GoldenNetwork): Promise<void> {
  const graph = typed(expected);
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
}

describe.each(goldenNames)('the weights of %s', (name) => {
  const expected = golden(name);

  it("give PyTorch's logits and input gradient", async () => {
    await expectPyTorchs(expected);
  });

  it('name their modules as PyTorch does, in its order', () => {
    const names = layersOf(typed(expected), 'modules').map((layer) => layer.name);
    expect(names).toEqual(expected.modules);
  });
});

describe.each(goldenNamesOfTimm)('the weights of %s', (name) => {
  it("give PyTorch's logits and input gradient", async () => {
    await expectPyTorchs(golden(name));
  });
});

describe('weights of timm', () => {
  const open = ({ tensors }: Pick<GoldenNetwork, 'tensors'>) =>
    readSafetensors(save(at('timm.safetensors'), safetensorsOf({ tensors })));
  const { tensors } = golden('timm/vit');

  it('are told from those of torchvision, with what they take', () => {
    const found = open({ tensors });
    expect(found).toMatchObject({ producer: 'timm ViT', usual: { preprocessing: 'tf' } });
    expect(found.notes.join(' ')).toContain("recognised as timm's ViT");
    expect(open(golden('timm/convnext')).usual.preprocessing).toBe('imagenet');
  });

  it.each([
    ['norm_pre.weight', [128], 'norm_pre.weight has no place'],
    ['blocks.1.ls1.gamma', [128], 'blocks.1.ls1.gamma has no place'],
  ] as const)('of another form, with %s, are refused by name', (name, dims, reason) => {
    const more = [...tensors, [name, dims, 0, 1] as const];
    expect(() => open({ tensors: more })).toThrow(reason);
  });

  it('whose positions or width leave the number of patches or heads open are refused', () => {
    const withDims = (changed: string, dims: readonly number[]) =>
      tensors.map(
        ([name, old, ...range]) => [name, name === changed ? dims : old, ...range] as const,
      );
    const noToken = withDims('pos_embed', [1, 16, 128]);
    expect(() => open({ tensors: noToken })).toThrow('a ViT with 16 positions');
    const narrow = withDims('patch_embed.proj.weight', [64, 3, 8, 8]);
    expect(() => open({ tensors: narrow })).toThrow('a ViT of width 64');
  });
});
