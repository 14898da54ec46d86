import { expect, it } from 'vitest';
import type { Prototype } from '../../src-main/api/prototype.ts';
import { citation, duration } from './citation.ts';

const prototype: Prototype = {
  tile: {
    ...{ runId: 1, modelId: 1, classIndex: 400, label: 'academic gown', profile: 'paper' },
    ...{ prototypeIndex: 0, state: 'running' },
  },
  ...{ auditId: 1, modelName: 'resnet18', seed: 7, configuration: {}, modelSha256: 'ab12' },
  ...{
    preprocessingFrom: 'imagenet',
    attempts: 1,
    snapshots: [],
    versions: { eidoscope: '0.1.0' },
  },
};

it('cites what the picture depends on, and leaves out what is not known yet', () => {
  expect(citation(prototype)).toBe(
    'Prototype of “academic gown” (class 400) of resnet18 (SHA-256 ab12), profile paper, seed 7, ' +
      'prototype 1. Made with Eidoscope 0.1.0; method: Tagade & Rumbelow, arXiv 2309.17144.',
  );
});

it('tells a duration in a unit that suits it', () => {
  const from = '2026-01-01T00:00:00.000Z';
  const after = (seconds: number) => new Date(Date.parse(from) + seconds * 1000).toISOString();
  expect([2.25, 240, 36_000].map((seconds) => duration(from, after(seconds)))).toEqual([
    '2.3 s',
    '4 min',
    '10.0 h',
  ]);
  expect(duration(from, undefined)).toBe('–');
});
