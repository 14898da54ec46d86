import { describe, expect, it } from 'vitest';
import { checkGradient } from '../../../../test/support/gradient.ts';
import { uniform } from '../../../../test/support/random.ts';
import { a, node, placeholder, writeGraphModel } from '../../../../test/support/tfjs-graph.ts';
import type { Graph } from '../../ir.ts';
import { temporaryFolder } from '../../onnx/model.fixture.ts';
import { readModel } from '../../read.ts';
import { tensor } from '../../tensor.ts';

const at = temporaryFolder();
const SHAPE = [2, 5, 4, 3];

/** A model that mirrors an image of NHWC. */
async function mirrored(mode: string): Promise<Graph> {
  const widths = tensor('int32', [4, 2], [0, 0, 3, 2, 0, 3, 0, 0]);
  const y = node('y', 'MirrorPad', ['x', 'p'], { mode: a.text(mode) });
  const path = writeGraphModel(at(mode), [placeholder('x', ...SHAPE), y], { p: widths });
  return (await readModel(path)).graph;
}

describe('MirrorPad', () => {
  // Values are held against TensorFlow.js in test/formats-tensorflow.test.ts.
  it.each(['REFLECT', 'SYMMETRIC'])(
    'has the gradient that differences confirm: %s',
    async (mode) => {
      const graph = await mirrored(mode);
      expect(graph.nodes.map(({ op }) => op)).toContain(mode === 'REFLECT' ? 'Pad' : 'Concat');
      await checkGradient({
        inputs: [uniform(SHAPE, -1, 1, 1)],
        build: (build, [image]) => {
          const names = new Map([['x', image]]);
          for (const [name, value] of graph.constants) names.set(name, build.constant(value));
          for (const { op, inputs, outputs, attributes } of graph.nodes) {
            const given = inputs.map((input) => names.get(input)!);
            names.set(outputs[0], build.add(op, given, attributes));
          }
          return [names.get('y')!];
        },
      });
    },
  );

  it('refuses a mode that nobody knows', async () => {
    await expect(mirrored('WRAP')).rejects.toThrow(/MirrorPad.*its mode is not known/);
  });
});
