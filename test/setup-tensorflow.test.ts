import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFromWheel } from '../scripts/setup-tensorflow/build.ts';
import { outcomeInWords } from '../scripts/setup-tensorflow/outcome.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Stands for pip: knows the wheels that lie in a folder, by name and version, and says what it was asked for. */
const PIP = `
import pathlib, shutil, subprocess, sys
if sys.argv[1] == '-c':
    sys.exit(subprocess.call(['python3', *sys.argv[1:]]))
here = pathlib.Path(__file__).parent
asked, folder = sys.argv[-1], sys.argv[sys.argv.index('--dest') + 1]
with open(here / 'asked', 'a') as log:
    print(*sys.argv[4:], file=log)
python = sys.argv[sys.argv.index('--python-version') + 1] if '--python-version' in sys.argv else 'own'
for wheel in (here / 'index' / python).glob('*.whl'):
    if asked.split('==')[0].split('<')[0].split('>')[0] == wheel.name.split('-0-')[0]:
        shutil.copy(wheel, folder)
        sys.exit()
sys.exit(f'ERROR: No matching distribution found for {asked}')
`;

const WHEEL = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name, text in json.loads(sys.argv[2]).items():
        archive.writestr(name, text)
`;

const TENSORFLOW = {
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': '',
  'tensorflow/python/ops.py': '',
  'tensorflow-2.99.0.dist-info/METADATA': [
    'Name: tensorflow',
    'Requires-Dist: numpy (>=1.26)',
    "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3) ; extra == 'and-cuda'",
    "Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5 ; extra == 'and-cuda'",
    '',
  ].join('\n'),
};
const CUDNN = { 'nvidia/cudnn/lib/libcudnn.so.9': 'cudnn', 'nvidia/cudnn/include/cudnn.h': '' };
const CUBLAS = { 'nvidia/cublas/lib/libcublas.so.12': 'cublas', 'nvidia/__init__.py': '' };

describe.skipIf(!hasPython || process.platform === 'win32')('a TensorFlow from a wheel', () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
    said = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    program('python', `#!/usr/bin/env python3\n${PIP}`);
    // Writes what it was told to the file that it was to make.
    program(
      'compiler',
      '#!/bin/sh\nall="$*"\nwhile [ "$1" != -o ]; do shift; done\necho "$all" > "$2"\n',
    );
    vi.stubEnv('CXX', join(folder, 'compiler'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  function program(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }

  /** @param python version that pip has the wheel for; its own by default */
  function offer(name: string, files: Record<string, string>, python = 'own'): void {
    const index = join(folder, 'index', python);
    mkdirSync(index, { recursive: true });
    const path = join(index, `${name}-0-py3-none-any.whl`);
    expect(spawnSync('python3', ['-c', WHEEL, path, JSON.stringify(files)]).status).toBe(0);
  }

  async function build(gpu: boolean): Promise<string> {
    const [work, place] = [join(folder, 'work'), join(folder, 'package')];
    for (const each of [work, place]) mkdirSync(each);
    await buildFromWheel(work, place, { gpu, python: join(folder, 'python'), version: '2.99.0' });
    expect(readdirSync(work)).toEqual([]);
    return place;
  }

  const asked = (): string[] => {
    const lines = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    return lines.map((line) => line.split(' ').at(-1));
  };

  it('is that for processors, of the version that was named', async () => {
    offer('tensorflow-cpu', TENSORFLOW);
    const place = await build(false);
    expect(asked()).toEqual(['tensorflow-cpu==2.99.0']);
    expect(readdirSync(join(place, 'deps'))).toEqual(['lib']);
    const compiled = readFileSync(join(place, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8');
    expect(compiled).toContain('-rpath,$ORIGIN/../../deps/lib');
    expect(compiled).toContain('-l:libtensorflow_cc.so.2');
  });

  it('for GPUs is another one, with the libraries of CUDA that it asks for beside it', async () => {
    offer('tensorflow', TENSORFLOW);
    offer('nvidia-cudnn-cu12', CUDNN);
    offer('nvidia-cublas-cu12', CUBLAS);
    const place = await build(true);
    expect(asked()).toEqual([
      ...['tensorflow==2.99.0', 'nvidia-cudnn-cu12<10.0,>=9.3', 'nvidia-cublas-cu12<13.0,>=12.5'],
    ]);
    const deps = join(place, 'deps');
    expect(readFileSync(join(deps, 'lib', 'libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
    expect(readFileSync(join(deps, 'nvidia', 'cudnn', 'lib', 'libcudnn.so.9'), 'utf8')).toBe(
      'cudnn',
    );
    expect(existsSync(join(deps, 'nvidia', 'cublas', 'lib', 'libcublas.so.12'))).toBe(true);
    expect(existsSync(join(deps, 'nvidia', 'cudnn', 'include'))).toBe(false);
    expect(said.join()).not.toContain('system');
  });

  it('leaves CUDA to the system where pip has not all of it, and says so', async () => {
    offer('tensorflow', TENSORFLOW);
    offer('nvidia-cudnn-cu12', CUDNN);
    const place = await build(true);
    expect(readdirSync(join(place, 'deps'))).toEqual(['lib']);
    expect(said.find((line) => line.includes('system'))).toMatch(
      /^CUDA's libraries are to be the system's own, for pip has none: pip cannot download nvidia-cublas-cu12[^\n]+\.$/,
    );
  });

  it('may be that of another Python, for the library is the same', async () => {
    offer('tensorflow-cpu', TENSORFLOW, '3.12');
    await build(false);
    expect(asked()).toHaveLength(3);
  });

  it('is missing in one sentence', async () => {
    await expect(build(false)).rejects.toThrow(
      /^pip cannot download tensorflow-cpu==2\.99\.0: [^\n]*No matching distribution[^\n]*\.$/,
    );
    rmSync(join(folder, 'work'), { recursive: true });
    rmSync(join(folder, 'package'), { recursive: true });
    offer('tensorflow-cpu', { 'tensorflow/include/tensorflow/c/c_api.h': '' });
    await expect(build(false)).rejects.toThrow('The wheel holds no libtensorflow_cc.');
  });
});

describe('what is said at the end', () => {
  const onGpu = { version: '2.99.0', gpu: true };
  const onCpu = { version: '2.99.0', gpu: false };

  it('is where it computes', () => {
    expect(outcomeInWords(onGpu, true, [])).toEqual([
      'TensorFlow 2.99.0 computes on the GPU. Use it with --engine tensorflow.',
    ]);
    expect(outcomeInWords(onCpu, false, [{ name: 'NVIDIA H100' }])).toHaveLength(1);
  });

  it('and why not on the GPU, where one was wanted', () => {
    const [, none] = outcomeInWords(onCpu, true, [{ name: 'Intel graphics card 0x9a49' }]);
    expect(none).toMatch(/^It found no GPU, for the system lists none of NVIDIA;[^\n]+\.$/);
    const [, lame] = outcomeInWords(onCpu, true, [{ name: 'Tesla T4', memoryMB: 15360 }]);
    expect(lame).toMatch(/^It does not compute on Tesla T4: [^\n]+\.$/);
  });
});
