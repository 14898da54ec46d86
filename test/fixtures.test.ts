import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import type { Graph } from '../src-main/graph/ir.ts';
import { readOnnx } from '../src-main/graph/onnx/read.ts';
import { specialise } from '../src-main/graph/specialise.ts';
import { floats } from '../src-main/graph/tensor.ts';
import { expectClose } from './support/gradient.ts';
import { differentiateClasses } from './support/objective.ts';

const FOLDER = fileURLToPath(new URL('../../shared/fixtures/gradients', import.meta.url));

/** What a fixture says about itself; its figures come from PyTorch in double precision. */
interface Fixture {
  readonly inputShape: readonly number[];
  readonly numClasses: number;
  readonly classes: readonly number[];
  readonly output: string;
  readonly tolerance: { readonly logitsRel: number; readonly gradRel: number };
}

const names = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'fixture.json')))
  : [];

function stored(name: string, file: string, dims: readonly number[]) {
  const bytes = readFileSync(join(FOLDER, name, file));
  return floats(dims, new Float32Array(new Uint8Array(bytes).buffer));
}

/** The value before a final Softmax, or the output itself. */
function logitsOf({ nodes, outputs: [output] }: Graph): string {
  const last = nodes.find((node) => node.outputs.includes(output));
  return last?.op === 'Softmax' ? last.inputs[0] : output;
}

async function check(
  name: string,
  files: readonly [values: string, gradient: string],
  cut: boolean,
) {
  const path = join(FOLDER, name, 'fixture.json');
  const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
  const { graph } = await readOnnx(join(FOLDER, name, 'model.onnx'));
  const value = cut ? logitsOf(graph) : graph.outputs[0];
  const dims = fixture.inputShape;
  const typed = specialise(graph, { [graph.inputs[0].name]: dims }, [value]);
  const input = stored(name, 'input.bin', dims);
  const { values, gradient } = await differentiateClasses(typed, value, fixture.classes, input);
  const expected = stored(name, files[0], [dims[0], fixture.numClasses]);
  expectClose(values, expected, fixture.tolerance.logitsRel, `${name}: ${files[0]}`);
  expectClose(
    gradient,
    stored(name, files[1], dims),
    fixture.tolerance.gradRel,
    `${name}: ${files[1]}`,
  );
}

if (names.length === 0) it.skip('matches PyTorch (../shared/fixtures/gradients is absent)');

describe.skipIf(names.length === 0)('a fixture', () => {
  it.each(names)('%s: logits and input gradient are those of PyTorch', async (name) => {
    await check(name, ['logits.bin', 'grad.bin'], true);
  });

  it.each(names.filter((name) => existsSync(join(FOLDER, name, 'probs.bin'))))(
    '%s: probabilities and their gradient are those of PyTorch',
    async (name) => {
      await check(name, ['probs.bin', 'grad_probs.bin'], false);
    },
  );
});
