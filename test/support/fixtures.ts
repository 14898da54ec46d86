import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Graph, TypedGraph } from '../../src-main/graph/ir.ts';
import { readOnnx } from '../../src-main/graph/onnx/read.ts';
import { specialise } from '../../src-main/graph/specialise.ts';
import { floats } from '../../src-main/graph/tensor.ts';
import { expectClose } from './gradient.ts';
import { differentiateClasses } from './objective.ts';
import type { Runner } from './run.ts';

/** Our own small networks (`golden/make_networks.py`), and the larger ones of the project where they are at hand. */
export const OWN = fileURLToPath(new URL('../golden', import.meta.url));
export const SHARED = fileURLToPath(new URL('../../../shared/fixtures/gradients', import.meta.url));

/** What a fixture says about itself; its figures come from PyTorch in double precision. */
interface Fixture {
  readonly inputShape: readonly number[];
  readonly numClasses: number;
  readonly classes: readonly number[];
  readonly output: string;
  readonly tolerance: { readonly logitsRel: number; readonly gradRel: number };
}

/** Folders of the networks in a folder, which need not exist. */
export function fixturesIn(folder: string): string[] {
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

/**
 * Holds the network of a folder, and its gradient, against what PyTorch says about it.
 * @param files what it says of the values and of the gradient
 * @param cut whether a final Softmax is left out
 * @param compile makes the graph ready, by default on onnxruntime alone
 */
export async function checkFixture(
  path: string,
  files: readonly [values: string, gradient: string],
  cut: boolean,
  compile?: (graph: TypedGraph) => Promise<Runner>,
): Promise<void> {
  const fixture = JSON.parse(readFileSync(join(path, 'fixture.json'), 'utf8')) as Fixture;
  const { graph } = await readOnnx(join(path, 'model.onnx'));
  const value = cut ? logitsOf(graph) : graph.outputs[0];
  const dims = fixture.inputShape;
  const typed = specialise(graph, { [graph.inputs[0].name]: dims }, [value]);
  const input = stored(path, 'input.bin', dims);
  const { values, gradient } = await differentiateClasses(
    typed,
    value,
    fixture.classes,
    input,
    compile,
  );
  const expected = stored(path, files[0], [dims[0], fixture.numClasses]);
  expectClose(values, expected, fixture.tolerance.logitsRel, files[0]);
  expectClose(gradient, stored(path, files[1], dims), fixture.tolerance.gradRel, files[1]);
}
