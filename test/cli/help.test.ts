import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../../src-main/prototype/configuration.ts';
import { encodePortrait, type Provenance } from '../../src-main/prototype/portrait.ts';
import { findChromium } from '../../src-main/report/pdf/chromium.ts';
import { eidoscope, environment, node, program } from '../support/command.ts';
import { Folder, network } from '../support/network.ts';
import { sampleFile } from '../support/sample.ts';

const commands = [
  ...['inspect', 'generate', 'audit', 'similarity', 'report', 'verify', 'gradient', 'bench'],
];

const labels = Array.from({ length: 400 }, (_, index) => `thing ${index}`);
labels[251] = 'dalmatian';
labels[399] = 'academic gown';

const shape = { channels: 3, height: 1, width: 1 };
const provenance: Provenance = {
  ...{ model: 'm', files: [], logits: 'logits', image: [3, 1, 1], classIndex: 0, label: 'a' },
  preprocessing: { range: 1, mean: [0, 0, 0], std: [1, 1, 1], order: 'RGB', resize: 1 },
  ...{ prototype: 0, configuration: resolveConfiguration('paper'), versions: {}, logit: 1 },
  engine: {
    id: 'e',
    provider: 'cpu',
    device: 'd',
    version: '1',
    threads: 1,
    precision: 'float32',
    deterministic: true,
  },
  ...{ baselineSteps: 1, steps: 1, complete: true },
};

/** A folder in which everything lies that the examples speak of. */
const folder = new Folder();
beforeAll(() => {
  const eightByEight = { dims: ['n', 3, 'h', 'w'], classes: 400 } as const;
  for (const name of ['resnet18', 'detector']) {
    folder.write(
      `${name}.onnx`,
      network({ ...eightByEight, ...(name === 'detector' && { last: 'Softmax' }) }),
    );
    folder.write(`${name}.json`, { input: { size: [8, 8] }, labels: 'labels.txt' });
  }
  folder.write('labels.txt', labels.join('\n'));
  folder.write('m.onnx', network({ dims: ['n', 3, 'h', 'w'], classes: 6 }));
  folder.write('m.json', { input: { size: [8, 8] } });
  folder.bytes('x.bin', new Uint8Array(4 * 2 * 3 * 64 * 64));
  folder.write(
    'audit.yaml',
    'models: [{ path: resnet18.onnx }]\nclasses: dalmatian\noptions: { steps: 8 }\n',
  );
  for (const name of ['dalmatian', 'academic gown', 'thing 327']) {
    cpSync(sampleFile('photographs/zero'), join(folder.path, 'photos', name), { recursive: true });
  }
  folder.bytes('prototype.png', encodePortrait({ ...shape, data: new Uint8Array(3) }, provenance));
  mkdirSync(join(folder.path, 'bin'));
  const shim = folder.write('bin/eidoscope', `#!/bin/sh\nexec "${node}" "${program}" "$@"\n`);
  chmodSync(shim, 0o755);
});
afterAll(() => folder.remove());

const run = (line: string) =>
  promisify(execFile)('sh', ['-c', line], {
    cwd: folder.path,
    env: { ...environment, PATH: `${join(folder.path, 'bin')}${delimiter}${process.env.PATH}` },
  });

describe.skipIf(process.platform === 'win32')('the examples of --help', () => {
  it('stand at every command, and do what they say when they are run one after the other', async () => {
    for (const command of commands) {
      const { code, stdout } = await eidoscope([command, '--help'], folder.path);
      expect(code).toBe(0);
      const examples = [...stdout.matchAll(/^ {2}\$ (eidoscope .+)$/gm)].map(([, line]) => line);
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) {
        // The sample has a test of its own.
        if (line.includes('--sample')) continue;
        // Where no browser prints, a report ends with exit code 6.
        if (command === 'report' && !line.includes('--format') && !findChromium()) continue;
        expect(line).toContain(`eidoscope ${command} `);
        await expect(run(line), line).resolves.toBeDefined();
      }
    }
  });
});

describe('the program itself', () => {
  it('names its exit codes, and knows its version', async () => {
    const { stdout } = await eidoscope(['--help'], folder.path);
    expect(stdout).toMatch(/^Exit codes:$/m);
    expect(await eidoscope(['--version'], folder.path)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});
