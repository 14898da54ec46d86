import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../engine/engine.ts';
import { decodeCheckpoint, encodeCheckpoint, identityOf, type Checkpoint } from './checkpoint.ts';
import { resolveConfiguration } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import { tinyClassifier } from './fixture.ts';

const checkpoint: Checkpoint = {
  job: { classIndex: 400, prototype: 2 },
  identity: 'abc',
  stage: 'prototype',
  step: 17,
  baselineSteps: 6,
  stillSteps: 1,
  timings: { network: 1.5, affine: 2, parameterisation: 0, penalty: 0.25, adam: 3 },
  parameters: Float32Array.of(1, -0, 1e-40),
  first: Float32Array.of(0.1, 0.2, 0.3),
  second: Float32Array.of(4, 5, 6),
};

const seal = (body: Buffer): Buffer =>
  Buffer.concat([body, createHash('sha256').update(body).digest()]);

describe('a checkpoint', () => {
  it('comes back bit by bit, from any place in memory', () => {
    const bytes = encodeCheckpoint(checkpoint);
    expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    const again = decodeCheckpoint(shifted);
    expect(Object.is(again.parameters[1], -0)).toBe(true);
  });

  it('ends with the SHA-256 of what comes before', () => {
    const bytes = Buffer.from(encodeCheckpoint(checkpoint));
    expect(bytes.equals(seal(bytes.subarray(0, -32)))).toBe(true);
  });

  it('is refused when any one byte has changed', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let i = 0; i < bytes.length; i++) {
      const bad = Uint8Array.from(bytes);
      bad[i] ^= 1;
      expect(() => decodeCheckpoint(bad)).toThrow(PrototypeError);
    }
  });

  it('is refused when it is cut off anywhere', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(PrototypeError);
    }
  });

  it('is refused with a reason when header or length do not fit, though the checksum does', () => {
    const body = Buffer.from(encodeCheckpoint(checkpoint)).subarray(0, -32);
    const renamed = Buffer.from(body.toString('latin1').replace('"step"', '"stop"'), 'latin1');
    expect(() => decodeCheckpoint(seal(renamed))).toThrow(/header/);
    expect(() => decodeCheckpoint(seal(Buffer.concat([body, Buffer.alloc(4)])))).toThrow(/length/);
    const broken = Buffer.from(body.toString('latin1').replace('{', '!'), 'latin1');
    expect(() => decodeCheckpoint(seal(broken))).toThrow(PrototypeError);
  });
});

describe('the identity of a generation', () => {
  const paper = resolveConfiguration('paper');
  const engine: EngineInfo = {
    id: 'onnxruntime',
    provider: 'cpu',
    device: 'a processor',
    version: '1',
    threads: 2,
    precision: 'float32',
    deterministic: true,
  };
  const model = tinyClassifier();
  const [file] = model.files;

  it('does not depend on how many prototypes are made or how often they are looked at', () => {
    const other = resolveConfiguration('paper', { prototypes: 5, snapshotEvery: 1 });
    expect(identityOf(model, other, engine)).toBe(identityOf(model, paper, engine));
  });

  it('depends on how the model is fed and read, on external weights, on every choice and on the engine', () => {
    const other = resolveConfiguration('paper', { penalty: { weight: 2 } });
    const weights = { ...file, path: 'tiny.data', sha256: '1'.repeat(64) };
    const models = [
      model,
      { ...model, files: [{ ...file, sha256: '2'.repeat(64) }] },
      { ...model, files: [file, weights] },
      { ...model, logits: 'other logits' },
      { ...model, input: { ...model.input, width: 9 } },
      { ...model, preprocessing: { ...model.preprocessing, mean: [0, 0, 0] } },
    ];
    const all = [
      ...models.map((each) => identityOf(each, paper, engine)),
      identityOf(model, other, engine),
      identityOf(model, paper, { ...engine, provider: 'webgpu' }),
      identityOf(model, paper, { ...engine, threads: 1 }),
    ];
    expect(new Set(all).size).toBe(9);
  });
});
