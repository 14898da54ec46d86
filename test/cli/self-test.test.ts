import { afterAll, describe, expect, it } from 'vitest';
import type { SelfTest } from '../../src-main/api/self-test.ts';
import { eidoscope } from '../support/command.ts';
import { Folder, network } from '../support/network.ts';

const folder = new Folder();
afterAll(() => folder.remove());
const whole = folder.write('whole.onnx', network());

/** Its image is rounded to whole numbers first. */
function stepping(): string {
  const plain = network();
  const [first, ...rest] = plain.nodes;
  const round = { name: 'r', op: 'Round', inputs: ['image'], outputs: ['whole'], attributes: {} };
  const conv = { ...first, inputs: ['whole', ...first.inputs.slice(1)] };
  return folder.write('stepping.onnx', { ...plain, nodes: [round, conv, ...rest] });
}

describe.concurrent('eidoscope self-test', () => {
  it('ends with 0 where nothing is wrong, and says what was tested', async () => {
    const ended = await eidoscope(
      ['self-test', whole, '--engine', 'cpu,tensorflow-cpu'],
      folder.path,
    );
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(
      /passed.*Gradient: .*\n.*passed.*Original file: .*\n.*passed.*Second/,
    );
  });

  it('ends with 1 where a check fails, in JSON too', async () => {
    const args = ['self-test', stepping(), '--engine', 'cpu,tensorflow-cpu', '--json'];
    const ended = await eidoscope(args, folder.path);
    const found = JSON.parse(ended.stdout) as SelfTest;
    expect([ended.code, found.passed]).toEqual([1, false]);
    expect(found.checks[0]).toMatchObject({ name: 'gradient', state: 'failed' });
    expect(found.checks[0].text).toMatch(/Round/);
  });

  it.each(['abacus', 'cpu,auto', 'cpu,cpu,cpu'])('refuses the engines %s', async (names) => {
    const ended = await eidoscope(['self-test', whole, '--engine', names], folder.path);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/It must be one or two of cpu, webgpu/);
  });
});
