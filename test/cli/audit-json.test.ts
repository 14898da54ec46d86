import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { eidoscope } from '../support/command.ts';
import { Folder } from '../support/network.ts';
import { sampleFile } from '../support/sample.ts';

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly cosine: number;
}

interface Result {
  readonly models: readonly {
    readonly name: string;
    readonly similarity: { readonly classes: readonly { label: string; given: number }[] };
    readonly entanglement: readonly { profile: string; pairs: readonly Pair[] }[];
    readonly transfer: readonly { to: string; classes: readonly object[] }[];
    readonly batches: readonly object[];
  }[];
}

const folder = new Folder();
afterAll(() => folder.remove());

describe('the JSON of an audit of two models, with folders that are called otherwise', () => {
  let result: Result;
  beforeAll(async () => {
    cpSync(sampleFile('photographs/zero'), join(folder.path, 'photos/n00000000_oh'), {
      recursive: true,
    });
    cpSync(sampleFile('photographs/one'), join(folder.path, 'photos/ace'), { recursive: true });
    folder.write('map.json', { n00000000: 'zero', ace: 1 });
    const models = ['shortcut.onnx', 'balanced.onnx'].flatMap((name) => [
      '--model',
      sampleFile(name),
    ]);
    const what = ['--classes', '0-1', '--set', 'steps=8', '--seed', '3', '--layers', 'conv'];
    const images = ['--images', 'photos', '--class-map', 'map.json', '--natural', 'labelled'];
    const args = ['audit', ...models, ...what, ...images, '--no-controls', '--workspace', 'w'];
    const { code, stdout } = await eidoscope([...args, '--json'], folder.path);
    expect(code).toBe(0);
    result = JSON.parse(stdout) as Result;
  });

  it('says how it was computed and what was asked for', () => {
    expect(result).toMatchObject({
      engine: { provider: 'cpu', deterministic: true },
      ...{ seed: 3, layers: 'conv', filter: 'labelled' },
    });
  });

  it('says how many prototypes ran together, which on a processor is one', () => {
    const because = 'A processor is no faster with more.';
    const batch = { images: 1, because, trials: [], ranOut: [], prototypes: 2 };
    for (const { batches } of result.models) expect(batches).toEqual([batch]);
  });

  it('finds every photograph by the map of classes', () => {
    const given = ['zero', 'one'].map((label) => ({
      label,
      given: readdirSync(sampleFile(`photographs/${label}`)).length,
    }));
    for (const { similarity } of result.models) expect(similarity.classes).toMatchObject(given);
  });

  it('names each pair of classes once, with a cosine, and every class in the other model', () => {
    expect(result.models.map(({ name }) => name)).toEqual(['shortcut', 'balanced']);
    for (const [own, { entanglement, transfer }] of result.models.entries()) {
      expect(entanglement.map(({ profile }) => profile)).toEqual(['paper']);
      const [{ a, b, cosine }, ...others] = entanglement[0].pairs;
      expect([[a, b].sort(), others]).toEqual([[0, 1], []]);
      expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
      const to = result.models[1 - own].name;
      const classes = [{ classIndex: 0 }, { classIndex: 1 }];
      expect(transfer).toMatchObject([{ to, profile: 'paper', classes }]);
    }
  });

  it('keeps the map in the workspace, for whoever goes on with the audit', () => {
    const workspace = openWorkspace(join(folder.path, 'w'), { readOnly: true });
    const [{ configuration }] = workspace.audits.list();
    workspace.close();
    const request = { classMap: { n00000000: 'zero', ace: 1 } };
    expect(configuration).toMatchObject({ request });
  });

  it.for([
    ['is a list', '[1, 2]', /must name a class, by name or index, for each folder/],
    ['is no YAML', '{', /is not YAML/],
  ] as const)('refuses a map that %s', async ([, text, says]) => {
    folder.write('bad.yaml', text);
    const args = ['--model', sampleFile('shortcut.onnx'), '--images', 'photos', '--workspace', 'v'];
    const ended = await eidoscope(['audit', ...args, '--class-map', 'bad.yaml'], folder.path);
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(says);
  });
});
