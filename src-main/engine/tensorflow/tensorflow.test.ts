import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTensorFlow } from './tensorflow.ts';

const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A package that stands for tfjs-node, as far as opening asks. */
function library(name: string, gpu: boolean): string {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
  writeFileSync(
    join(place, 'index.js'),
    `module.exports = {
      enableProdMode() {}, setBackend: async () => true, ready: async () => {},
      backend: () => ({ isUsingGpuDevice: ${gpu}, binding: { TF_Version: '2.99.0' } }),
    };`,
  );
  return place;
}

/** A program nvidia-smi before all others, as NVIDIA's driver brings it. */
function nvidia(says: string): void {
  const place = join(folder, 'bin');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'nvidia-smi'), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(place, 'nvidia-smi'), 0o755);
  process.env.PATH = `${place}${delimiter}${process.env.PATH}`;
}

describe.skipIf(process.platform === 'win32')('TensorFlow built for a graphics card', () => {
  it('names the card that it computes on, with its memory', async () => {
    nvidia('NVIDIA H100 80GB HBM3, 81559');
    const { info } = await openTensorFlow({ backend: 'tensorflow', folder: library('gpu', true) });
    expect(info).toEqual({
      ...{ id: 'tensorflow', provider: 'native GPU', version: '2.99.0', threads: 0 },
      ...{
        device: 'NVIDIA H100 80GB HBM3 (81,559 MB)',
        memoryMB: 81559,
        precision: 'float32',
        deterministic: false,
      },
    });
  });

  it('names the processor where it found no card', async () => {
    const { info } = await openTensorFlow({
      ...{ backend: 'tensorflow', folder: library('none', false), threads: 1 },
    });
    expect(info).toMatchObject({ provider: 'native', threads: 1, deterministic: true });
    expect(info.device).not.toContain('NVIDIA');
  });
});
