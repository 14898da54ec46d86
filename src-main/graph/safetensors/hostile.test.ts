import { describe, expect, it } from 'vitest';
import { golden, pack, safetensorsOf } from '../architectures/golden.fixture.ts';
import { GraphError } from '../errors.ts';
import { save, temporaryFolder } from '../onnx/model.fixture.ts';
import { MemoryWatch } from '../../../test/support/memory.ts';
import { mutate } from '../../../test/support/mutate.ts';
import { generator } from '../../../test/support/random.ts';
import { readSafetensors } from './read.ts';

const at = temporaryFolder();
const ROUNDS = 2000;

function outcome(bytes: Uint8Array): { code: string; message: string } {
  try {
    readSafetensors(save(at('model.safetensors'), bytes));
    return { code: 'read', message: '' };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    expect(error.message).toMatch(/^[^\n]+\.$/);
    return error;
  }
}

const entry = (begin: number, end: number, shape: readonly number[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const data = [new Float32Array(8)];

describe('a damaged or hostile safetensors file', () => {
  it.each([
    ['tensors that share bytes', { a: entry(0, 32, [8]), b: entry(16, 32, [4]) }, 'shares bytes'],
    ['a gap', { a: entry(0, 8, [2]), b: entry(16, 32, [4]) }, 'gap before'],
    ['an end behind the file', { a: entry(0, 64, [16]) }, 'holds 32 bytes'],
    ['bytes that are in no tensor', { a: entry(0, 16, [4]) }, 'holds 32 bytes'],
    ['a size that its shape contradicts', { a: entry(0, 32, [9]) }, 'needs 36'],
    ['an absurd shape', { a: entry(0, 32, [2 ** 40, 2 ** 12]) }, 'where its shape'],
    ['a negative size', { a: entry(0, 32, [-8]) }, 'not described well'],
    ['an unknown element type', { a: entry(0, 32, [8], 'C64') }, 'holds C64 elements'],
    ['no tensors', {}, 'holds 32 bytes'],
    [
      'weights of another network',
      { 'rnn.weight': entry(0, 32, [8]) },
      'rnn.weight, and they fit none',
    ],
  ])('with %s is refused with the reason', (_, header, reason) => {
    expect(outcome(pack(header, data)).message).toContain(reason);
  });

  it('whose header would fill the memory is refused unread', () => {
    const length = new Uint8Array(new BigUint64Array([2n ** 62n]).buffer);
    const found = outcome(Buffer.concat([length, new Uint8Array(100)]));
    expect(found).toMatchObject({ code: 'truncated' });
  });

  it('of weights that are left over, or are missing, names the first of them', () => {
    const { tensors } = golden('squeezenet-1.1');
    const more = [...tensors, ['features.99.weight', [2], 0, 1] as const];
    expect(outcome(safetensorsOf({ tensors: more })).message).toContain(
      'features.99.weight has no place',
    );
    const fewer = tensors.filter(([name]) => name !== 'features.4.squeeze.weight');
    expect(outcome(safetensorsOf({ tensors: fewer })).message).toContain(
      'lacks the tensor features.4.squeeze.weight',
    );
  });

  it('gives a typed error or a graph, in little memory, whatever bytes of its header change', () => {
    const { tensors } = golden('vit');
    const original = safetensorsOf({ tensors });
    expect(outcome(original).code).toBe('read');
    const header =
      8 + Number(new DataView(original.buffer, original.byteOffset).getBigUint64(0, true));
    const next = generator(5);
    const seen = new Set<string>();
    const memory = new MemoryWatch();
    for (let round = 0; round < ROUNDS; round++) {
      seen.add(outcome(mutate(original, next, header)).code);
      memory.look();
    }
    expect(memory.most).toBeLessThan(400 * 2 ** 20);
    expect([...seen]).toEqual(expect.arrayContaining(['read', 'truncated', 'bad-graph']));
  });
});
