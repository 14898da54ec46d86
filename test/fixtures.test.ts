import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import type { Graph } from '../src-main/graph/ir.ts';
import { readOnnx } from '../src-main/graph/onnx/read.ts';
import { specialise } from '../src-main/graph/specialise.ts';
import { floats } from '../src-main/graph/tensor.ts';
import { expectClose } from './support/gradient.ts';
import { differentiateClasses } from './support/objective.ts';

/** Our own small networks (`golden/make_networks.py`), and the larger ones of the project where they are at hand. */
const OWN = fileURLToPath(new URL('golden', import.meta.url));
const SHARED = fileURLToPath(new URL('../../shared/fixtures/gradients', import.meta.url));

/** What a fixture says about itself; its figures come from PyTorch in double precision. */
interface Fixture {
  readonly inputShape: readonly number[];
  readonly numClasses: number;
  readonly classes: readonly number[];
  readonly output: string;
  readonly tolerance: { readonly logitsRel: number; readonly gradRel: number };
}

function fixturesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder).map((name) => join(folder, name));
  return paths.filter((path) => existsSync(join(path, 'fixture.json')));
}

function stored(path: string, file: string, dims: readonly number[]) {
  const bytes = readFileSync(join(path, file));
  return floats(dims, new Float32Array(new Uint8Array(bytes).buffer));
}

/** The value before a final Softmax, or the output itself. */
function logitsOf({ nodes, outputs: [output] }: Graph): string {
  const last = nodes.find((node) => node.outputs.includes(output));
  return last?.op === 'Softmax' ? last.inputs[0] : output;
}

async function check(
  path: string,
  files: readonly [values: string, gradient: string],
  cut: boolean,
): Promise<void> {
  const fixture = JSON.parse(readFileSync(join(path, 'fixture.json'), 'utf8')) as Fixture;
  const { graph } = await readOnnx(join(path, 'model.onnx'));
  const value = cut ? logitsOf(graph) : graph.outputs[0];
  const dims = fixture.inputShape;
  const typed = specialise(graph, { [graph.inputs[0].name]: dims }, [value]);
  const input = stored(path, 'input.bin', dims);
  const { values, gradient } = await differentiateClasses(typed, value, fixture.classes, input);
  const expected = stored(path, files[0], [dims[0], fixture.numClasses]);
  expectClose(values, expected, fixture.tolerance.logitsRel, files[0]);
  expectClose(gradient, stored(path, files[1], dims), fixture.tolerance.gradRel, files[1]);
}

const shared = fixturesIn(SHARED);
if (shared.length === 0) it.skip('matches PyTorch (../shared/fixtures/gradients is absent)');

describe('the logits and the input gradient are those of PyTorch', () => {
  it.each([...fixturesIn(OWN), ...shared].map((path) => [basename(path), path]))(
    'of %s',
    async (_, path) => {
      await check(path, ['logits.bin', 'grad.bin'], true);
    },
  );
});

describe.skipIf(shared.length === 0)(
  'the probabilities and their gradient are those of PyTorch',
  () => {
    const withProbabilities = shared.filter((path) => existsSync(join(path, 'probs.bin')));
    it.each(withProbabilities.map((path) => [basename(path), path]))('of %s', async (_, path) => {
      await check(path, ['probs.bin', 'grad_probs.bin'], false);
    });
  },
);
