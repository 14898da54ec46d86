import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attr } from '../attributes.ts';
import { floats } from '../tensor.ts';
import { listUnsupported } from '../unsupported.ts';
import type { Draft } from './encode.ts';
import {
  bytesOf,
  failure,
  graphOf,
  modelAt,
  node,
  run,
  save,
  scaled,
  temporaryFolder,
  wave,
} from './model.fixture.ts';
import { readOnnx } from './read.ts';
import { ATTRIBUTE, ELEMENT_NAMES, type ModelProto } from './schema.ts';
import { writeOnnx } from './write.ts';

const at = temporaryFolder();
const element = (name: (typeof ELEMENT_NAMES)[number]) => ELEMENT_NAMES.indexOf(name);
const read = (model: Draft<ModelProto>) => readOnnx(save(at('model.onnx'), bytesOf(model)));
const failureOf = (model: Draft<ModelProto>) => failure(save(at('model.onnx'), bytesOf(model)));

describe('a file that is not an ONNX model', () => {
  /** An archive whose first file is long, so that the others stand in the list at its end alone. */
  const packed = (...names: string[]) =>
    Buffer.from(
      `${zip(names[0])}${'\xff'.repeat(9000)}PK\x01\x02${names.join('PK\x01\x02')}`,
      'latin1',
    );
  const zip = (name: string) => `PK\x03\x04\x14\0\0\0\0\0\0\0\0\0${name}`;
  it.each([
    ['a text file', 'hello, this is a list\nof words\n', /text file.*“hello, this is a list”/],
    ['nothing but spaces', ' \n\n', /text file/],
    ['a web page', '<!DOCTYPE html><html></html>', /web page that was saved/],
    [
      'a page that asks for a password',
      '\ufeff<!doctype html>\n<html><head><title>\n Sign in</title>',
      /web page called “Sign in”.*download the file itself/,
    ],
    ['an answer of a server', '<?xml version="1.0"?><Error>AccessDenied</Error>', /XML/],
    ['an OpenVINO network', '<?xml version="1.0"?>\n<net name="a">', /OpenVINO/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 46827520\n',
      /Git LFS pointer.*46\.8 MB.*git lfs pull/,
    ],
    ['an ONNX model as text', 'ir_version: 8\ngraph {\n', /onnx\.save/],
    [
      'a TensorFlow.js model',
      '{"modelTopology": {}, "weightsManifest": []}',
      /TensorFlow\.js.*tf2onnx/,
    ],
    ['another JSON file', '{"a": 1}', /JSON file/],
    [
      'a PyTorch checkpoint',
      Buffer.from(zip('archive/data.pkl'), 'latin1'),
      /PyTorch.*torch\.onnx\.export/,
    ],
    ['a bare pickle', Buffer.from('\x80\x02}q\x00.', 'latin1'), /pickle.*torch\.onnx\.export/],
    ['a Keras archive', Buffer.from(zip('metadata.json'), 'latin1'), /Keras.*tf2onnx/],
    ['a Keras HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /HDF5.*tf2onnx/],
    [
      'a TensorFlow Lite file',
      Buffer.from('\x1c\0\0\0TFL3', 'latin1'),
      /TensorFlow Lite.*SavedModel/,
    ],
    ['a packed SavedModel', packed('assets/', 'net/saved_model.pb'), /SavedModel; unpack it/],
    [
      'a packed TensorFlow.js model',
      packed('a.bin', 'net/model.json'),
      /TensorFlow\.js.*unpack it/,
    ],
    ['a packed ONNX file', packed('readme.md', 'net.onnx'), /unpack it.*\.onnx/],
    ['another archive', packed('readme.md'), /ZIP archive; unpack it/],
    ['a folder in a TAR archive', Buffer.from(`${'\0'.repeat(257)}ustar`), /TAR.*unpack it/],
    ['a compressed file', Buffer.from('\x1f\x8b\x08', 'latin1'), /gzip; unpack it/],
    ['a safetensors file', Buffer.from('\x10\0\0\0\0\0\0\0{"a":{}}', 'latin1'), /safetensors/],
    ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /PNG/],
  ])('%s is named for what it is', async (_title, content, message) => {
    const { code, message: told } = await failure(save(at('other'), content));
    expect(code).toBe('not-a-model');
    expect(told).toMatch(message);
  });

  it('is named by its ending where its content could be that of an ONNX model', async () => {
    const bytes = Buffer.from('\x08\x05\x12\x03\x0a\x01a', 'latin1');
    expect((await failure(save(at('net.mlmodel'), bytes))).message).toMatch(/Core ML model; give/);
    mkdirSync(at('net.mlpackage'));
    expect((await failure(at('net.mlpackage'))).message).toMatch(/Core ML model; give/);
  });

  it('tells a missing file from a folder', async () => {
    expect((await failure(at('nowhere.onnx'))).message).toMatch(/does not exist/);
    mkdirSync(at('folder'));
    expect((await failure(at('folder'))).message).toMatch(/is a folder/);
  });

  it('calls an empty file truncated, and a model that was cut off as well', async () => {
    expect(await failure(save(at('empty.onnx'), ''))).toMatchObject({ code: 'truncated' });
    const bytes = bytesOf(scaled());
    const cut = await failure(save(at('cut.onnx'), bytes.subarray(0, bytes.length - 20)));
    expect(cut).toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(/cut off/) as string,
    });
  });

  it('refuses opsets that are too new or too old, with the range that is read', async () => {
    for (const version of [6, 27, 999]) {
      const error = await failureOf({ ...scaled(), opsetImport: [{ domain: '', version }] });
      expect(error.code).toBe('unsupported-opset');
      expect(error.message).toContain(`opset ${version}, and Eidoscope reads 7 to 26`);
    }
  });
});

describe('a graph', () => {
  it('is sorted, and its nodes get names of their own', async () => {
    const proto = modelAt(
      13,
      graphOf(
        { x: [2] },
        ['y'],
        [node('Neg', ['b'], ['y']), node('Abs', ['a'], ['b']), node('Exp', ['x'], ['a'])],
      ),
    );
    const names = ['same', 'same', ''];
    const nodes = proto.graph.node!.map((one, i) => ({ ...one, name: names[i] }));
    const { graph } = await read({ ...proto, graph: { ...proto.graph, node: nodes } });
    expect(graph.nodes.map(({ name, op }) => [name, op])).toEqual([
      ['Exp_2', 'Exp'],
      ['same_1', 'Abs'],
      ['same', 'Neg'],
    ]);
  });

  it.each([
    [
      'a cycle',
      [node('Neg', ['b'], ['a']), node('Abs', ['a'], ['b']), node('Add', ['x', 'a'], ['y'])],
      /depends on its own output/,
    ],
    [
      'a value that nothing makes',
      [node('Add', ['x', 'ghost'], ['y'])],
      /reads ghost, which nothing/,
    ],
    [
      'a value that is made twice',
      [node('Neg', ['x'], ['y']), node('Abs', ['x'], ['y'])],
      /make the value y/,
    ],
    [
      'an output that nothing makes',
      [node('Neg', ['x'], ['z'])],
      /output list of the model reads y/,
    ],
  ])('with %s is refused', async (_title, nodes, message) => {
    const error = await failureOf(modelAt(13, graphOf({ x: [2] }, ['y'], nodes)));
    expect(error.code).toBe('bad-graph');
    expect(error.message).toMatch(message);
  });

  it('takes Constant nodes of every kind as constants', async () => {
    const nodes = [
      node('Constant', [], ['a'], { value_float: attr.float(2) }),
      node('Constant', [], ['b'], { value_floats: attr.floats([1, 2]) }),
      node('Constant', [], ['c'], { value: attr.tensor(floats([1, 2], [3, 4])) }),
      node('Constant', [], ['d'], { value_ints: attr.ints([5]) }),
      node('Constant', [], ['e'], { value_int: attr.int(6) }),
      node('Sum', ['x', 'a', 'b', 'c'], ['y']),
    ];
    const { graph } = await read(modelAt(13, graphOf({ x: [2] }, ['y'], nodes)));
    expect(graph.nodes).toHaveLength(1);
    expect(Array.from(graph.constants, ([name, { dtype, dims }]) => [name, dtype, dims])).toEqual([
      ['a', 'float32', []],
      ['b', 'float32', [2]],
      ['c', 'float32', [1, 2]],
      ['d', 'int64', [1]],
      ['e', 'int64', []],
    ]);
  });

  it('turns casts to half precision into casts to float32, and says so', async () => {
    const cast = node('Cast', ['x'], ['y'], { to: attr.int(element('float16')) });
    const { graph, notes } = await read(modelAt(13, graphOf({ x: [2] }, ['y'], [cast])));
    expect(graph.nodes[0].attributes).toEqual({ to: attr.int(element('float32')) });
    expect(notes).toEqual(['The model uses float16; Eidoscope computes in float32.']);
  });

  it('gives values of branches names of their own, so that branches can be put in place', async () => {
    const branch = (op: string) =>
      attr.graph({ ...graphOf({}, ['inner'], [node(op, ['x'], ['inner'])]), name: op });
    const choice = node('If', ['flag'], ['y'], {
      then_branch: branch('Neg'),
      else_branch: branch('Abs'),
    });
    const graph = graphOf({ x: [2] }, ['y'], [choice], {
      flag: { dtype: 'bool', dims: [], data: new Uint8Array([0]) },
    });
    const model = await read(modelAt(13, graph));
    const { then_branch, else_branch } = model.graph.nodes[0].attributes;
    const outputs = [then_branch, else_branch].map((a) =>
      a.kind === 'graph' ? a.value.outputs[0] : '',
    );
    expect(new Set(outputs).size).toBe(2);
    const x = { dims: [2], data: new Float32Array([-1, 2]) };
    expect((await run(writeOnnx(model.graph), { x }))[0].data).toEqual([1, 2]);
  });

  it('lists operators that are not supported, branches included, with their number', async () => {
    const nodes = [
      node('QLinearConv', ['x'], ['a']),
      node('com.example.Foo', ['a'], ['b']),
      node('QLinearConv', ['b'], ['y']),
    ];
    const { graph } = await read(modelAt(13, graphOf({ x: [2] }, ['y'], nodes)));
    expect(listUnsupported(graph)).toEqual([
      { op: 'QLinearConv', node: 'QLinearConv_a', count: 2 },
      { op: 'com.example.Foo', node: 'com.example.Foo_b', count: 1 },
    ]);
  });

  it('hands on who made it and what is written beside', async () => {
    const model = {
      ...scaled(),
      producerName: 'pytorch',
      producerVersion: '2.9',
      metadataProps: [{ key: '__proto__', value: 'v' }],
    };
    const { producer, metadata, opset } = await read(model);
    expect(producer).toBe('pytorch 2.9');
    expect(Object.entries(metadata)).toEqual([['__proto__', 'v']]);
    expect(opset).toBe(13);
  });
});

describe("a model's own functions", () => {
  const leaky = {
    domain: 'own',
    name: 'Twice',
    input: ['a'],
    output: ['c'],
    attribute: ['slope'],
    opsetImport: [{ domain: '', version: 17 }],
    node: [
      {
        opType: 'LeakyRelu',
        input: ['a'],
        output: ['b'],
        attribute: [{ name: 'alpha', refAttrName: 'slope', type: ATTRIBUTE.FLOAT }],
      },
      { opType: 'Add', input: ['b', 'b'], output: ['c'] },
    ],
  };
  const calls = modelAt(
    17,
    graphOf(
      { x: [4] },
      ['y'],
      [
        node('own.Twice', ['x'], ['h'], { slope: attr.float(0.5) }),
        node('own.Twice', ['h'], ['y'], { slope: attr.float(0.1) }),
      ],
    ),
  );
  const model = { ...calls, opsetImport: [...calls.opsetImport!, { domain: 'own', version: 1 }] };

  it('are put in place of their calls', async () => {
    const whole = { ...model, functions: [leaky] };
    const { graph } = await read(whole);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['LeakyRelu', 'Add', 'LeakyRelu', 'Add']);
    const x = wave([4]);
    const [wanted] = await run(bytesOf(whole), { x });
    const [found] = await run(writeOnnx(graph), { x });
    expect(found).toEqual(wanted);
  });

  it('are refused when they call themselves, double without end or speak another opset', async () => {
    const call = (name: string, input: string, output: string) => ({
      opType: name,
      domain: 'own',
      input: [input],
      output: [output],
    });
    const itself = { ...leaky, node: [call('Twice', 'a', 'c')] };
    expect((await failureOf({ ...model, functions: [itself] })).message).toMatch(/calls itself/);
    const levels = Array.from({ length: 22 }, (_, i) => ({
      ...leaky,
      name: i === 0 ? 'Twice' : `F${i}`,
      node: [call(`F${i + 1}`, 'a', 'b'), call(`F${i + 1}`, 'b', 'c')],
    }));
    expect(await failureOf({ ...model, functions: levels })).toMatchObject({ code: 'too-large' });
    const other = { ...leaky, opsetImport: [{ domain: '', version: 18 }] };
    expect((await failureOf({ ...model, functions: [other] })).message).toMatch(/opset 18/);
  });
});
