import { describe, expect, it } from 'vitest';
import { workOf } from '../../../test/support/work.ts';
import { scopePrefix } from './scopes.ts';

const prefixOf = (value: string) => scopePrefix([{ key: 'pkg.torch.onnx.name_scopes', value }]);

describe('the modules around a node', () => {
  it.each([
    ["['', 'conv1', 'conv2d']", '/conv1/'],
    ["['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d_1']", '/layer1/layer1.0/conv1/'],
    ["['', 'network', 'network.0', 'linear']", '/network/network.0/'],
    ["['', 'net.0', 'net.0.1', 'net.0.1.fc', 'linear']", '/net.0/net.0.1/fc/'],
  ])("are read from PyTorch's list %s", (list, prefix) => {
    expect(prefixOf(list)).toBe(prefix);
  });

  it('are none for a step of the network itself', () => {
    expect(prefixOf("['', 'flatten']")).toBe('/');
  });

  it('are unknown for a step that the exporter added, and without the list', () => {
    expect(prefixOf("['add_3']")).toBe('');
    expect(prefixOf("['_empty_nn_module_stack_from_metadata_hook', 'sym_size_int_720']")).toBe('');
    expect(scopePrefix([{ key: 'namespace', value: ': Net/fc: Linear/linear: aten' }])).toBe('');
    expect(scopePrefix([])).toBe('');
  });

  it('count once where a module runs again or stands in itself', () => {
    expect(prefixOf("['', 'relu@1', 'relu_1']")).toBe('/relu/');
    expect(prefixOf("['', 'cell', 'cell@2', 'cell.fc', 'linear']")).toBe('/cell/fc/');
  });

  it('keep a name apart from a container of the same name, and a slash from a level', () => {
    expect(prefixOf("['', 'a', 'a.a.b', 'mul']")).toBe('/a/a.a.b/');
    expect(prefixOf("['', 'in/out', 'mul']")).toBe('/in_out/');
  });

  it('may have names that Python quotes', () => {
    expect(prefixOf(`['', "it's", 'mul']`)).toBe("/it's/");
    expect(prefixOf(String.raw`['', 'a\'b"c', 'back\\slash', 'mul']`)).toBe(
      String.raw`/a'b"c/back\slash/`,
    );
  });
});

describe('a list that Python would not write', () => {
  it.each([
    '',
    '[]',
    '[',
    "['', 'a', 'b'",
    "['', 'a' 'b']",
    "['','a','b']",
    "['', 'a', 'b'] ",
    "['', 'a', ]",
    "['', a, 'b']",
    "['', 'a', f'b']",
    "['', ['a'], 'b']",
    "['', 'a', 'b'] + ['c']",
    `['', "a', 'b']`,
    String.raw`['', 'a\n', 'b']`,
    String.raw`['', 'a\x41', 'b']`,
    "['', 'a\n', 'b']",
    "['', 'a\u001b[31m', 'b']",
    String.raw`['', 'a', 'b\']`,
    '__import__("os").getcwd()',
  ])('names no modules: %j', (list) => {
    expect(prefixOf(list)).toBe('');
  });

  it('is not looked at when it is longer than any real one', () => {
    expect(prefixOf(`['', '${'a'.repeat(3000)}', 'mul']`)).toBe('');
  });

  it('takes hardly any work, however it was made', () => {
    const hostile = [
      `['', ${"'a', ".repeat(400)}`,
      `['${'\\'.repeat(2000)}`,
      `['${"\\'".repeat(1000)}`,
      `[${"'".repeat(2000)}`,
    ];
    for (const list of hostile) {
      expect(workOf(() => expect(prefixOf(list)).toBe(''))).toBeLessThan(1000);
    }
  });
});
