import { afterAll, expect, test } from 'vitest';
import { Folder, network } from '../../test/support/network.ts';
import { inspect } from './inspect.ts';

const folder = new Folder();
afterAll(() => folder.remove());

test('an inspection tells what the model is made of', async () => {
  const found = await inspect(folder.write('plain.onnx', network({ last: 'Softmax' })));
  expect(found).toMatchObject({
    name: 'plain',
    format: 'onnx',
    opset: 21,
    outputs: ['scores'],
    unsupported: [],
    classifier: { logits: 'logits', cut: 'Softmax', preprocessingFrom: 'imagenet (assumed)' },
    notes: [],
  });
  expect(found.problem).toBeUndefined();
  expect(found.parameters).toBe(6 * 3 * 9 + 6 * 5 + 5);
  expect(found.operators.map(({ op }) => op)).toContain('GlobalAveragePool');
  expect(found.layers!.modules.map(({ name }) => name)).toEqual([
    'stem.conv',
    'stem.relu',
    'stem',
    'pool',
    'flatten',
    'head',
  ]);
  expect(found.files[0].sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('a model with an operator that nobody knows is reported all the same', async () => {
  const whole = network();
  const nodes = whole.nodes.map((node) =>
    node.op === 'Relu' ? { ...node, op: 'Frobnicate' } : node,
  );
  const found = await inspect(folder.write('strange.onnx', { ...whole, nodes }));
  expect(found.unsupported).toEqual([{ op: 'Frobnicate', node: '/stem/relu/Relu', count: 1 }]);
  expect(found.problem).toMatch(/Frobnicate \(node \/stem\/relu\/Relu\)/);
  expect(found.classifier).toBeUndefined();
  expect(found.files).toHaveLength(1);
});

test('a file that is no model is refused', async () => {
  await expect(inspect(folder.write('text.onnx', 'once upon a time'))).rejects.toThrow();
});
