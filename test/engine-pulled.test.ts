import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineInfo } from '../src-main/engine/engine.ts';
import { findNative } from '../src-main/engine/tensorflow/location.ts';
import { node } from './support/command.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly info: EngineInfo;
  readonly states: readonly string[];
}

/** A program's root, and variables of its processes. */
interface Place {
  readonly program: string;
  readonly env?: Record<string, string>;
}

function said({ program, env }: Place, ...args: string[]): Said {
  const options = { cwd: program, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
  const text = execFileSync(node, [join('test', 'support', 'pulled.ts'), ...args], options);
  return JSON.parse(text.trim().split('\n').at(-1)) as Said;
}

/**
 * Takes a library away in the middle of an audit of two models, which goes on with what is loaded; then asks for the
 * engine anew.
 * @returns what the engine said in the audit, and what is said afterwards
 */
function pull(
  place: Place,
  engine: string,
  library: string,
): { during: EngineInfo; after: EngineInfo } {
  const workspace = join(folder, `workspace-${engine}`);
  const audit = said(place, 'audit', engine, library, workspace);
  expect(existsSync(library)).toBe(false);
  expect(audit.states).toEqual(['finished', 'finished', 'finished', 'finished']);
  return { during: audit.info, after: said(place, 'open', engine).info };
}

/** The program with a package onnxruntime-node of its own. */
function withOwnRuntime(): { program: string; library: string } {
  const program = join(folder, 'program');
  const modules = join(program, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const part of ['package.json', 'src-main', 'resources', join('test', 'support')]) {
    cpSync(join(root, part), join(program, part), { recursive: true });
  }
  const own = 'onnxruntime-node';
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== own) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const here = `${process.platform}/${process.arch}`;
  cpSync(join(root, 'node_modules', own), join(modules, own), {
    recursive: true,
    // Libraries of other systems are large.
    filter: (path) => !/\.(so|dll|dylib|node|lib)[.\d]*$/.test(path) || path.includes(here),
  });
  return { program, library: join(modules, own, 'bin') };
}

describe('an engine that is pulled away', () => {
  it('is onnxruntime: the audit ends, and then TensorFlow.js computes and says why', () => {
    const { program, library } = withOwnRuntime();
    const env = { EIDOSCOPE_TENSORFLOW: join(folder, 'nothing') };
    const { during, after } = pull({ program, env }, 'cpu', library);
    expect(during).toMatchObject({ id: 'onnxruntime', provider: 'cpu' });
    expect(during).not.toHaveProperty('fallback');
    expect(after).toMatchObject({ id: 'tensorflow', provider: 'wasm' });
    expect(after.fallback).toMatch(
      /^The engine cpu cannot be used here, so tensorflow-wasm computes: [^\n]*onnxruntime[^\n]*\.$/,
    );
  });

  const native = (() => {
    try {
      return findNative();
    } catch {
      return undefined;
    }
  })();
  it.skipIf(native === undefined)(
    'is TensorFlow’s library: the audit ends, and then the processor computes and says why',
    () => {
      const place = join(folder, 'tensorflow');
      mkdirSync(place);
      // …/node_modules/@tensorflow/tfjs-node
      symlinkSync(dirname(dirname(native!)), join(place, 'node_modules'));
      const env = { EIDOSCOPE_TENSORFLOW: place };
      const at = join(place, 'node_modules');
      const { during, after } = pull({ program: root, env }, 'tensorflow', at);
      expect(during.id).toBe('tensorflow');
      expect(during).not.toHaveProperty('fallback');
      expect(after).toMatchObject({ id: 'onnxruntime', provider: 'cpu' });
      expect(after.fallback).toBe(
        'The engine tensorflow cannot be used here, so cpu computes: There is no native TensorFlow on this machine; npm run setup:tensorflow prepares one.',
      );
    },
    120_000,
  );

  const SOFTWARE = '/usr/lib/chromium';
  it.skipIf(!existsSync(join(SOFTWARE, 'vk_swiftshader_icd.json')))(
    'is a graphics card’s driver: the audit ends, and then the processor computes and says why',
    () => {
      const driver = join(folder, 'driver');
      mkdirSync(driver);
      const description = readFileSync(join(SOFTWARE, 'vk_swiftshader_icd.json'), 'utf8');
      writeFileSync(join(driver, 'vk_swiftshader_icd.json'), description);
      for (const name of readdirSync(SOFTWARE).filter((each) =>
        each.startsWith('libvk_swiftshader'),
      ))
        cpSync(join(SOFTWARE, name), join(driver, name));
      const env = {
        VK_ICD_FILENAMES: join(driver, 'vk_swiftshader_icd.json'),
        XDG_RUNTIME_DIR: tmpdir(),
      };
      const { during, after } = pull({ program: root, env }, 'webgpu', driver);
      expect(during).toMatchObject({ id: 'onnxruntime', provider: 'webgpu' });
      expect(after).toMatchObject({ id: 'onnxruntime', provider: 'cpu' });
      expect(after.fallback).toMatch(
        /^The engine webgpu cannot be used here, so cpu computes: [^\n]+\.$/,
      );
    },
    180_000,
  );
});
