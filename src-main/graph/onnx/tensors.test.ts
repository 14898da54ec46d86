import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { floats } from '../tensor.ts';
import type { Draft } from './encode.ts';
import { bytesOf, failure, save, scaled, temporaryFolder } from './model.fixture.ts';
import { readOnnx } from './read.ts';
import { ELEMENT_NAMES, type ModelProto, type TensorProto } from './schema.ts';

const at = temporaryFolder();
const element = (name: (typeof ELEMENT_NAMES)[number]) => ELEMENT_NAMES.indexOf(name);
const read = (model: Draft<ModelProto>) => readOnnx(save(at('model.onnx'), bytesOf(model)));
const failureOf = (model: Draft<ModelProto>) => failure(save(at('model.onnx'), bytesOf(model)));

function withWeight(weight: Draft<TensorProto>): Draft<ModelProto> {
  const model = scaled();
  const initializer = [{ name: 'w', dims: [3], ...weight }];
  return { ...model, graph: { ...model.graph, initializer } };
}

describe('weights', () => {
  it.each([
    ['float_data', { dataType: element('float32'), floatData: [1, 2, 3] }],
    ['double_data', { dataType: element('float64'), doubleData: [1, 2, 3] }],
    [
      'float16 bits in int32_data',
      { dataType: element('float16'), int32Data: [0x3c00, 0x4000, 0x4200] },
    ],
    [
      'raw float16',
      { dataType: element('float16'), rawData: new Uint8Array([0, 0x3c, 0, 0x40, 0, 0x42]) },
    ],
    [
      'raw bfloat16',
      { dataType: element('bfloat16'), rawData: new Uint8Array([0x80, 0x3f, 0, 0x40, 0x40, 0x40]) },
    ],
  ])('are read from %s as float32', async (_title, weight) => {
    const { graph, notes } = await read(withWeight(weight));
    expect(graph.constants.get('w')).toEqual(floats([3], [1, 2, 3]));
    expect(notes.length).toBe(weight.dataType === element('float32') ? 0 : 1);
  });

  it('keep the special values of half precision', async () => {
    const bits = [0x8000, 0x7c00, 0xfc00, 0x7e00, 0x0001, 0x03ff, 0x7bff, 0x3555];
    const weight = { dims: [8], dataType: element('float16'), int32Data: bits };
    const { data } = (await read(withWeight(weight))).graph.constants.get('w')!;
    // IEEE 754-2019, table 3.5: smallest and largest subnormal, largest finite, and a third.
    expect(Array.from(data as Float32Array)).toEqual([
      -0,
      Infinity,
      -Infinity,
      NaN,
      2 ** -24,
      1023 * 2 ** -24,
      65504,
      1365 / 4096,
    ]);
  });

  it('are read as 8, 32 and 64-bit integers, with their extremes', async () => {
    const weights: Draft<TensorProto>[] = [
      { dataType: element('int64'), int64Data: [-1, 2 ** 40, -(2 ** 63)] },
      { dataType: element('uint64'), rawData: new Uint8Array(24).fill(255) },
      { dataType: element('uint8'), int32Data: [0, 128, 255] },
      { dataType: element('bool'), rawData: new Uint8Array([0, 1, 7]) },
    ];
    const found = await Promise.all(
      weights.map(async (weight, i) => {
        const path = save(at(`integers-${i}.onnx`), bytesOf(withWeight(weight)));
        return (await readOnnx(path)).graph.constants.get('w')!;
      }),
    );
    expect(found.map(({ dtype }) => dtype)).toEqual(['int64', 'int64', 'uint8', 'bool']);
    expect(found[0].data).toEqual(new BigInt64Array([-1n, 2n ** 40n, -(2n ** 63n)]));
    expect(found[1].data).toEqual(new BigInt64Array(3).fill(2n ** 63n - 1n));
    expect(found[2].data).toEqual(new Uint8Array([0, 128, 255]));
    expect(found[3].data).toEqual(new Uint8Array([0, 1, 1]));
  });

  it.each([
    [
      'fewer bytes than their shape needs',
      { dataType: 1, rawData: new Uint8Array(8) },
      'bad-graph',
      /8 bytes .* needs 12/,
    ],
    [
      'fewer numbers than their shape needs',
      { dataType: 1, floatData: [1] },
      'bad-graph',
      /1 numbers .* needs 3/,
    ],
    ['an impossible shape', { dataType: 1, dims: [2 ** 40, 2 ** 40] }, 'too-large', /not possible/],
    ['a negative dimension', { dataType: 1, dims: [-1] }, 'too-large', /not possible/],
    ['text', { dataType: element('string') }, 'bad-graph', /holds string elements/],
    ['4-bit integers', { dataType: element('int4') }, 'bad-graph', /holds int4 elements/],
    ['a type that ONNX does not have', { dataType: 99 }, 'bad-graph', /number 99/],
  ] as const)('with %s are refused', async (_title, weight, code, message) => {
    const error = await failureOf(withWeight(weight));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('that are declared as inputs too are constants', async () => {
    const model = scaled();
    const input = [...model.graph.input!, { name: 'w', type: model.graph.input![0].type }];
    const { graph } = await read({ ...model, graph: { ...model.graph, input } });
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  });
});

describe('external data', () => {
  const external = (entries: Record<string, string>): Draft<ModelProto> =>
    withWeight({
      dataType: 1,
      dataLocation: 1,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    });

  it('is read from the model folder, at its offset', async () => {
    mkdirSync(at('parts'), { recursive: true });
    writeFileSync(at('parts/w.bin'), new Uint8Array(new Float32Array([9, 1, 2, 3]).buffer));
    const { graph, files } = await read(
      external({ location: 'parts/w.bin', offset: '4', length: '12' }),
    );
    expect(graph.constants.get('w')).toEqual(floats([3], [1, 2, 3]));
    expect(files.map(({ path }) => path)).toEqual(['model.onnx', 'parts/w.bin']);
    expect(files[1].bytes).toBe(16);
  });

  it.each([
    ['a file that is not there', { location: 'gone.bin' }, /gone\.bin, which cannot be read/],
    ['no file at all', {}, /no file/],
    ['a folder above', { location: '../w.bin' }, /own folder/],
    ['a folder above, in disguise', { location: 'parts\\..\\..\\w.bin' }, /own folder/],
    ['an absolute path', { location: '/etc/passwd' }, /own folder/],
    ['a drive', { location: 'C:\\w.bin' }, /own folder/],
    ['a link out of the folder', { location: 'link.bin' }, /link that leads out/],
    ['a folder', { location: 'sub' }, /is not a file/],
    ['a pipe, at which it would wait for ever', { location: 'pipe' }, /is not a file/],
    ['a part behind the end of the file', { location: 'w.bin', offset: '8' }, /too few/],
    ['a negative offset', { location: 'w.bin', offset: '-4' }, /impossible offset/],
    ['another length than its shape needs', { location: 'w.bin', length: '8' }, /needs 12/],
  ])('that points to %s is refused', async (_title, entries, message) => {
    writeFileSync(at('w.bin'), new Uint8Array(16));
    mkdirSync(at('sub'), { recursive: true });
    rmSync(at('link.bin'), { force: true });
    symlinkSync(process.execPath, at('link.bin'));
    rmSync(at('pipe'), { force: true });
    execFileSync('mkfifo', [at('pipe')]);
    const error = await failureOf(external(entries));
    expect(error.code).toBe('bad-external-data');
    expect(error.message).toMatch(message);
  });

  it('does not grow beyond its files by overlapping ranges', async () => {
    writeFileSync(at('w.bin'), new Uint8Array(4096));
    const model = scaled();
    const initializer = Array.from({ length: 40 }, (_, i) => ({
      name: i === 0 ? 'w' : `w${i}`,
      dims: [900],
      dataType: 1,
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'w.bin' },
        { key: 'offset', value: String(4 * i) },
      ],
    }));
    const error = await failureOf({ ...model, graph: { ...model.graph, initializer } });
    expect(error.code).toBe('too-large');
  });
});
