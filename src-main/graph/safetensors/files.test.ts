import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../../test/support/random.ts';
import { golden, pack, safetensorsOf } from '../architectures/golden.fixture.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { readModel } from '../read.ts';
import { readSafetensors } from './read.ts';

const at = temporaryFolder();
const { tensors } = golden('vit');

type Encode = (values: Float32Array) => Uint8Array;

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The network's weights with elements of another type. @param prefix of all names */
function stored(dtype: string, encode: Encode, prefix = ''): Uint8Array {
  const data = tensors.map(([, dims, low, high], i) =>
    encode(uniform(dims, low, high, i + 1).data as Float32Array),
  );
  let end = 0;
  const header = tensors.map(([name, shape], i) => {
    const begin = end;
    end += data[i].length;
    return [prefix + name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  return Buffer.concat([pack(Object.fromEntries(header), []), ...data]);
}

/** The upper half of each float, which is a bfloat16. */
const brains: Encode = (values) =>
  bytesOf(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16));

describe('a safetensors file', () => {
  it.each([
    ['F16', 'float16', (values: Float32Array) => bytesOf(Float16Array.from(values)), 2 ** -11],
    ['BF16', 'bfloat16', brains, 2 ** -7],
    ['F64', 'float64', (values: Float32Array) => bytesOf(Float64Array.from(values)), 0],
  ] as const)('of %s elements is read as %s, with a note', (dtype, word, encode, precision) => {
    const found = readSafetensors(save(at(`${dtype}.safetensors`), stored(dtype, encode)));
    expect(found.notes.join(' ')).toContain(`stored as ${word}`);
    tensors.forEach(([name, dims, low, high], i) => {
      const expected = uniform(dims, low, high, i + 1).data as Float32Array;
      const data = found.graph.constants.get(name)!.data;
      const worst = Math.max(
        ...Array.from(expected, (value, k) => Math.abs(value - Number(data[k]))),
      );
      expect(worst).toBeLessThanOrEqual(precision * Math.max(Math.abs(low), Math.abs(high)));
    });
  });

  it('whose names all start with module. is read without it', () => {
    const path = save(at('parallel.safetensors'), stored('F32', bytesOf, 'module.'));
    expect(readSafetensors(path).graph.constants.has('conv_proj.weight')).toBe(true);
  });

  it('called model.safetensors stands for its folder, as Hugging Face publishes it', async () => {
    const path = at('vit_tiny/model.safetensors');
    mkdirSync(dirname(path));
    save(at('vit_tiny/config.json'), Buffer.from('{"architecture": "vit"}'));
    save(path, safetensorsOf({ tensors }));
    const found = await readModel(dirname(path));
    expect(found).toMatchObject({ format: 'safetensors', name: 'vit_tiny' });
    expect(found.files.map((file) => file.path)).toEqual(['vit_tiny/model.safetensors']);
  });

  it.each([
    ['the folder', 'split', 'split keeps'],
    ['their list', 'split/model.safetensors.index.json', 'model.safetensors.index.json keeps'],
    ['a part', 'split/model-00001-of-00002.safetensors', 'model-00001-of-00002.safetensors keeps'],
  ])(
    'that is split into several is refused with the reason, given by %s',
    async (_, given, start) => {
      mkdirSync(at('split'), { recursive: true });
      save(at('split/model.safetensors.index.json'), Buffer.from('{"weight_map": {}}'));
      save(at('split/model-00001-of-00002.safetensors'), safetensorsOf({ tensors }));
      await expect(readModel(at(given))).rejects.toMatchObject({
        code: 'not-a-model',
        message: `${start} its weights in several safetensors files; load it in Python and save them as one (safetensors.torch.save_file).`,
      });
    },
  );
});
