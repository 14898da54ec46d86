import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspect } from '../src-main/classifier/inspect.ts';
import { loadClassifier, specialiseClassifier } from '../src-main/classifier/load.ts';
import { SignatureError } from '../src-main/graph/errors.ts';
import type { Tensor } from '../src-main/graph/ir.ts';
import { temporaryFolder } from '../src-main/graph/onnx/model.fixture.ts';
import { readModel } from '../src-main/graph/read.ts';
import { floats } from '../src-main/graph/tensor.ts';
import { openWorkspace } from '../src-main/store/workspace.ts';
import { start } from './support/command.ts';
import { expectClose } from './support/gradient.ts';
import { compile } from './support/run.ts';

const at = temporaryFolder();
const golden = (name: string): string =>
  fileURLToPath(new URL(`./golden/saved-model-${name}`, import.meta.url));
const expectedOf = (name: string) =>
  JSON.parse(readFileSync(join(golden(name), 'expected.json'), 'utf8')) as Record<
    string,
    number[][]
  >;

/** The images of `golden/make_signatures.py`, made planar. */
function images(): Tensor {
  const data = new Float32Array(2 * 3 * 64);
  for (let n = 0; n < 2; n++)
    for (let pixel = 0; pixel < 64; pixel++)
      for (let c = 0; c < 3; c++)
        data[(n * 3 + c) * 64 + pixel] = Math.sin(0.37 * ((n * 64 + pixel) * 3 + c));
  return floats([2, 3, 8, 8], data);
}

async function logitsOf(path: string, signature?: string): Promise<Tensor> {
  const classifier = await loadClassifier(path, signature === undefined ? {} : { signature });
  const run = await compile(specialiseClassifier(classifier, 2));
  return (await run(new Map([[classifier.input.name, images()]]))).get(classifier.logits)!;
}

/** Softmax of each row. */
function probabilities({ dims, data }: Tensor): number[][] {
  return Array.from({ length: dims[0] }, (_, row) => {
    const exps = Array.from({ length: dims[1] }, (_, i) =>
      Math.exp(Number(data[row * dims[1] + i])),
    );
    const sum = exps.reduce((x, y) => x + y, 0);
    return exps.map((value) => value / sum);
  });
}

describe('a SavedModel of several signatures', () => {
  const folder = golden('signatures');

  it.each(['animals', 'colours'])(
    'gives the probabilities of the one that is chosen: %s',
    async (name) => {
      const expected = expectedOf('signatures')[name];
      const found = probabilities(await logitsOf(folder, name));
      const dims = [2, expected[0].length];
      expectClose(floats(dims, found.flat()), floats(dims, expected.flat()), 1e-5, name);
      const { signatures, classifier, notes } = await inspect(folder, { signature: name });
      expect(signatures).toEqual(['animals', 'colours']);
      expect(classifier?.signature).toBe(name);
      expect(notes).toContain(`The signature ${name} is used.`);
    },
  );

  it('is refused with the names of all where none is chosen, or another one', async () => {
    const none: unknown = await readModel(folder).catch((error: unknown) => error);
    expect(none).toBeInstanceOf(SignatureError);
    expect(none).toMatchObject({
      code: 'ambiguous-output',
      signatures: ['animals', 'colours'],
      message: expect.stringMatching(
        /none is called serving_default: animals, colours; .*--signature/,
      ) as string,
    });
    await expect(readModel(folder, 'plants')).rejects.toThrow(
      'The SavedModel has no signature plants; it has animals, colours.',
    );
  });

  it('is chosen by the sidecar too', async () => {
    cpSync(folder, at('net'), { recursive: true });
    writeFileSync(at('net.json'), JSON.stringify({ signature: 'colours' }));
    expect((await loadClassifier(at('net'))).labels).toHaveLength(4);
    expect((await loadClassifier(at('net'), { signature: 'animals' })).labels).toHaveLength(3);
  });

  it('is told apart in an audit, which keeps what was chosen', async () => {
    writeFileSync(
      at('audit.yaml'),
      `models: [{ path: ${folder}, signature: colours }]\nclasses: '3'\nprofiles: [fourier]\noptions: { steps: 2 }\ncontrols: false\n`,
    );
    const given = ['--classes', '3', '--set', 'steps=2', '--profile', 'fourier', '--no-controls'];
    const runs = [
      ['generate', '--model', folder, '--signature', 'colours', ...given],
      ['audit', '--config', at('audit.yaml')],
    ];
    const workspace = at('workspace');
    for (const words of runs) {
      const { code, stderr } = await start([...words, '--workspace', workspace], at('')).ended;
      expect(code, stderr).toBe(0);
    }
    const kept = openWorkspace(workspace);
    expect(kept.models.list().map(({ answers }) => answers)).toEqual([{ signature: 'colours' }]);
    const requests = kept.audits.list().map(({ configuration }) => configuration);
    expect(requests[0]).toMatchObject({ request: { models: [{ signature: 'colours' }] } });
    // Said by options and said in a file, it is one and the same audit.
    expect(requests).toHaveLength(1);
    kept.close();
  });
});

describe('a SavedModel of several graphs', () => {
  it('is the one that is tagged for serving on any device', async () => {
    const scores = await logitsOf(golden('tags'));
    expectClose(scores, floats([2, 3], expectedOf('tags').serve.flat()), 1e-5, 'scores');
  });

  /** The same model with other tags of the same length. */
  function tagged(name: string, change: (text: string) => string): string {
    cpSync(golden('tags'), at(name), { recursive: true });
    const path = at(`${name}/saved_model.pb`);
    writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
    return path;
  }

  it('is the one for a certain device where there is no other', async () => {
    const path = tagged('device', (text) => {
      const last = text.lastIndexOf('\x05serve');
      return `${text.slice(0, last)}\x05trial${text.slice(last + 6)}`;
    });
    // Its images are multiplied by 3 and not by 2, and there is no bias.
    const expected = expectedOf('tags')
      .serve.flat()
      .map((score) => 1.5 * score);
    expectClose(await logitsOf(path), floats([2, 3], expected), 1e-5, 'scores');
  });

  it('is refused with the tags of all where none is for serving', async () => {
    const path = tagged('none', (text) => text.replaceAll('\x05serve', '\x05trial'));
    await expect(readModel(path)).rejects.toThrow(
      'several graphs (train, trial+gpu, trial) and none that is tagged serve; save it again',
    );
  });
});

describe('a signature that is no help', () => {
  it('is refused where the model has none', async () => {
    writeFileSync(at('net.onnx'), '\x08\x08\x12\x01a');
    await expect(readModel(at('net.onnx'), 'colours')).rejects.toThrow(
      'net.onnx is no SavedModel, so it has no signature colours; leave the signature out.',
    );
  });
});

describe('a file that a server sent in place of a model', () => {
  it('is named as what it is', async () => {
    writeFileSync(at('answer.onnx'), '{"error":"Invalid username or password."}\n');
    await expect(readModel(at('answer.onnx'))).rejects.toThrow(
      'answer.onnx is a JSON file that starts with “{"error":"Invalid username or password."}”, not a model; give the model itself.',
    );
  });
});

describe('a part of a SavedModel', () => {
  it('is read under another name, and refused without its variables', async () => {
    cpSync(golden('tags'), at('renamed'), { recursive: true });
    renameSync(at('renamed/saved_model.pb'), at('renamed/classifier.pb'));
    expect(await readModel(at('renamed/classifier.pb'))).toMatchObject({ format: 'saved-model' });
    rmSync(at('renamed/variables'), { recursive: true });
    await expect(readModel(at('renamed/classifier.pb'))).rejects.toThrow(
      /part of a SavedModel.*variables\/.*give the whole folder/,
    );
  });

  it('that Git LFS or a web page stands in for is named', async () => {
    mkdirSync(at('pointer'));
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9000000\n';
    writeFileSync(at('pointer/saved_model.pb'), pointer);
    await expect(readModel(at('pointer'))).rejects.toThrow(/Git LFS pointer.* of 9\.0 MB/);
    cpSync(golden('tags'), at('weights'), { recursive: true });
    writeFileSync(at('weights/variables/variables.index'), pointer);
    await expect(readModel(at('weights'))).rejects.toThrow(
      /^variables\/variables\.index is a Git LFS pointer/,
    );
  });
});
