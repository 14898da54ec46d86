import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { attr } from '../../src-main/graph/attributes.ts';
import type { Graph } from '../../src-main/graph/ir.ts';
import { eidoscope } from '../support/command.ts';
import { Folder, network } from '../support/network.ts';
import { sampleFile } from '../support/sample.ts';

const shortcut = sampleFile('shortcut.onnx');
const folder = new Folder();

function withUnknownOperator(): Graph {
  const plain = network();
  const nodes = plain.nodes.map((node) =>
    node.op === 'Relu' ? { ...node, op: 'Frobnicate' } : node,
  );
  return { ...plain, nodes };
}

function withByteInput(): Graph {
  const plain = network();
  const cast = {
    name: '/cast',
    op: 'Cast',
    inputs: ['bytes'],
    outputs: ['image'],
    attributes: { to: attr.int(1) },
  };
  return {
    ...plain,
    inputs: [{ name: 'bytes', dtype: 'uint8', dims: ['batch', 3, 8, 8] }],
    nodes: [cast, ...plain.nodes],
  };
}

function withTwoHeads(): Graph {
  const plain = network();
  const head = plain.nodes.at(-1)!;
  const other = { ...head, name: '/other/Gemm', inputs: ['features', 'more', 'bias'] };
  return {
    ...plain,
    outputs: ['logits', 'other'],
    nodes: [...plain.nodes, { ...other, outputs: ['other'] }],
    constants: new Map([...plain.constants, ['more', plain.constants.get('weights')!]]),
  };
}

beforeAll(() => {
  const bytes = readFileSync(shortcut);
  folder.write('text.onnx', 'a classifier, honestly\n');
  folder.write('empty.onnx', '');
  folder.write('plain.onnx', network());
  folder.write('any-size.onnx', network({ dims: ['batch', 3, 'height', 'width'] }));
  folder.write('unknown.onnx', withUnknownOperator());
  folder.write('bytes.onnx', withByteInput());
  folder.write('two.onnx', withTwoHeads());
  folder.bytes('cut.onnx', bytes.subarray(0, bytes.length / 2));
  mkdirSync(join(folder.path, 'folder'));
  mkdirSync(join(folder.path, 'mistyped', 'zeroo'), { recursive: true });
  folder.write('mistyped/zeroo/a.png', 'no matter');
  folder.write('unknown-key.yaml', 'models: [{ path: plain.onnx }]\nclases: all\n');
  folder.write('unknown-option.yaml', 'models: [{ path: plain.onnx }]\noptions: { stepps: 3 }\n');
  folder.write('broken.yaml', 'models: [{ path: plain.onnx\n');
});
afterAll(() => folder.remove());

const audit = (model: string, ...more: string[]): string[] => [
  'audit',
  '--workspace',
  'workspace',
  '--model',
  model,
  ...more,
];

/** What is asked, the exit code, and what the one sentence says. */
const cases: readonly (readonly [what: string, args: string[], code: number, says: RegExp])[] = [
  [
    'a text file',
    audit('text.onnx'),
    3,
    /^text\.onnx is a text file that starts with “.+”, not a model; /,
  ],
  ['an empty file', audit('empty.onnx'), 3, /^empty\.onnx is empty; /],
  [
    'a folder',
    audit('folder'),
    3,
    /^folder is a folder without saved_model\.pb, model\.json or model\.safetensors; give /,
  ],
  ['a missing file', audit('none.onnx'), 3, /^The model file none\.onnx does not exist; /],
  ['half a file', audit('cut.onnx'), 3, /^cut\.onnx is cut off or damaged; /],
  ['an unknown operator', audit('unknown.onnx'), 3, /Frobnicate \(node \/stem\/relu\/Relu\)/],
  ['no float input', audit('bytes.onnx'), 3, /^The input bytes \(uint8 .* is not float32; /],
  ['several outputs', audit('two.onnx'), 3, /logits .* other .* choose one with --output NAME/],
  ['no such output', audit('two.onnx', '--output', 'othr'), 3, /nearest names are other, logits/],
  ['a size that is free', audit('any-size.onnx'), 3, /any size; say which height and width/],
  ['another size', audit(shortcut, '--size', '32,32'), 3, /28 × 28 pixels, not 32 × 32/],
  ['no such class', audit(shortcut, '--classes', 'sevne'), 3, /called sevne; .* seven \(7\)/],
  ['an index too high', audit(shortcut, '--classes', '10'), 3, /no class 10; .* 0 to 9/],
  ['no class at all', audit(shortcut, '--classes', ' '), 3, /^No class is named; /],
  ['a missing image folder', audit(shortcut, '--images', 'none'), 3, /^There is no folder none; /],
  [
    'images of no class',
    audit(shortcut, '--images', 'mistyped'),
    3,
    /"zeroo" is nearest to "zero"/,
  ],
  [
    'an unknown profile',
    audit(shortcut, '--profile', 'oil'),
    2,
    /oil.* profiles paper and fourier/,
  ],
  ['an unknown option', audit(shortcut, '--set', 'stepps=3'), 3, /no stepps; there are .* steps,/],
  [
    'an unknown part',
    audit(shortcut, '--set', 'affine.skew=3'),
    3,
    /option affine .* no skew; .* rotation/,
  ],
  ['a value that is none', audit(shortcut, '--set', 'steps=many'), 3, /option steps .* not many/],
  ['half a value', audit(shortcut, '--set', 'betas=[0.9'), 2, /It must be option=value/],
  ['a seed as an option', audit(shortcut, '--set', 'seed=3'), 3, /^The seed .* give it by itself/],
  ['no whole number', audit(shortcut, '--seed', '1e3'), 2, /must be a whole number from 0/],
  ['no such port', ['serve', '--workspace', 'w', '--port', '65536'], 2, /from 1 to 65535\./],
  ['a folder to verify that is not there', ['verify', 'none'], 2, /^There is no folder .*none; /],
  [
    'a missing input to differentiate',
    ['gradient', shortcut, '--input', 'none.bin', '--shape', '1,3,28,28', '--classes', '0'],
    2,
    /^The input none\.bin does not exist; check the path\.$/m,
  ],
  ['the same model twice', audit(shortcut, '--model', shortcut), 3, /shortcut is named twice/],
  [
    'a class that the second model lacks',
    audit(shortcut, '--model', 'plain.onnx', '--classes', 'zero'),
    3,
    /^plain\.onnx: There is no class called zero; .* class 0 \(0\)/,
  ],
  [
    'an unknown key in a file',
    ['audit', '--workspace', 'workspace', '--config', 'unknown-key.yaml'],
    3,
    /^unknown-key\.yaml cannot be run: there is no clases; there are models, classes, /,
  ],
  [
    'an unknown option in a file',
    ['audit', '--workspace', 'workspace', '--config', 'unknown-option.yaml'],
    3,
    /no stepps; there are .* steps,/,
  ],
  [
    'a file that is not YAML',
    ['audit', '--workspace', 'workspace', '--config', 'broken.yaml'],
    3,
    /^The file broken\.yaml is not YAML: /,
  ],
  [
    'an option that would change nothing',
    ['audit', '--workspace', 'workspace', '--sample', '--classes', '3'],
    2,
    /^--classes does not go with --sample/,
  ],
  [
    'a workspace that is not there',
    ['similarity', '--workspace', 'none', '--images', 'folder'],
    4,
    /^There is no workspace at /,
  ],
  ['nothing to do', ['audit', '--workspace', 'workspace'], 2, /^Say what to audit: /],
  ['no workspace', ['audit', '--model', 'plain.onnx'], 2, /required option '--workspace <folder>'/],
  ['an unknown command', ['draw'], 2, /unknown command 'draw'/],
];

describe('a command that cannot be done says so in one sentence, and nothing else', () => {
  it.concurrent.for(cases)('%s', async ([what, args, code, says], { expect }) => {
    // Only one may write to a workspace at a time.
    const own = args.map((arg) => (arg === 'workspace' ? `workspace of ${what}` : arg));
    const ended = await eidoscope(own, folder.path);
    expect(ended).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(says) as string,
    });
    // Wrong usage gets a hint on a line of its own.
    const said = ended.stderr.replace(/\n\(add --help for the options\)\n$/, '');
    expect(said.trimEnd().split('\n')).toHaveLength(1);
    expect(said).not.toMatch(/^ {4}at |unexpectedly/m);
  });

  it('makes no workspace at a path that was mistyped', ({ expect }) => {
    expect(readdirSync(folder.path)).not.toContain('none');
  });
});
