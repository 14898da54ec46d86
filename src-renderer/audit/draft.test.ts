import { describe, expect, it } from 'vitest';
import { auditRequestSchema } from '../../src-main/api/request.ts';
import type { KnownModel } from '../../src-main/api/studio.ts';
import { generationOf } from '../../src-main/audit/configuration.ts';
import { sampleAudit } from '../../src-main/audit/sample.ts';
import { readClasses } from '../../src-main/classifier/classes.ts';
import { methodAnswer } from '../../src-main/report/options.ts';
import { answering, formatIndexes, formatNames } from './classes.ts';
import { draftLike, draftOf, empty, requestOf, withOption } from './draft.ts';
import { grouped } from './parameters.ts';
import { offered } from './table.ts';
import { bytes, duration } from './words.ts';

const method = methodAnswer();
const option = (name: string) => method.options.find((each) => each.name === name)!;
const modelOf = (id: number, path: string): KnownModel => ({
  ...{ id, path, name: 'a model', sha256: '', bytes: 1, labels: [], channels: 3 },
  ...{ height: 8, width: 8, preprocessingFrom: 'unit', addedAt: '', request: { path } },
});
const parsed = (draft: typeof empty, known: readonly KnownModel[]) =>
  auditRequestSchema.parse(requestOf(draft, known));

describe('a draft of an audit', () => {
  const known = sampleAudit().models.map(({ path }, place) => modelOf(place + 5, path));

  it('asks for what the audit asked for that it was made from', () => {
    const sample = sampleAudit();
    const draft = draftLike(sample, known, method);
    const request = parsed(draft, known);
    expect(request.models).toEqual(sample.models);
    const [before, after] = [sample, request].map((audit) =>
      audit.profiles.map((entry) => generationOf(audit, entry)),
    );
    expect(after).toEqual(before);
  });

  it('gives options to all profiles where they agree, else to each its own, groups as a whole', () => {
    let draft: typeof empty = { ...empty, models: [5] };
    const set = (profile: string, name: string, value: number | readonly number[]): void => {
      draft = withOption(draft, method, profile, option(name), value);
    };
    set('paper', 'steps', 64);
    set('fourier', 'steps', 64);
    set('paper', 'affine.rotation', 15);
    set('fourier', 'affine.rotation', 15);
    set('paper', 'affine.scale', [0.9, 1.1]);
    const request = parsed(draft, known);
    expect(request.options).toEqual({ steps: 64 });
    expect(request.profiles).toEqual([
      { profile: 'paper', options: { affine: { rotation: 15, scale: [0.9, 1.1] } } },
      { profile: 'fourier', options: { affine: { rotation: 15 } } },
    ]);
    expect(request.profiles.map((entry) => generationOf(request, entry).affine.rotation)).toEqual([
      15, 15,
    ]);
  });

  it('compares models of images with photographs and those of a table with rows', () => {
    const table: KnownModel = { ...modelOf(9, '/models/table.onnx'), features: 3 };
    const all = [...known, table];
    const draft: typeof empty = { ...empty, images: '/photos', rows: '/rows.csv' };
    const asked = (models: readonly number[]) => {
      const { images, models: each, profiles } = parsed({ ...draft, models: [...models] }, all);
      return { images, own: each.map((model) => model.images), profiles };
    };
    const both = ['paper', 'fourier'];
    expect(asked([5])).toEqual({ images: '/photos', own: [undefined], profiles: both });
    expect(asked([9])).toEqual({ images: '/rows.csv', own: [undefined], profiles: ['paper'] });
    const mixed = { images: undefined, own: ['/photos', '/rows.csv'], profiles: both };
    expect(asked([5, 9])).toEqual(mixed);
    const again = draftLike(parsed({ ...draft, models: [5, 9] }, all), all, method);
    expect([again.images, again.rows]).toEqual(['/photos', '/rows.csv']);
    expect(parsed({ ...draft, rows: '', models: [5, 9] }, all).models[1].images).toBeUndefined();
  });

  it('offers rows a pull that is off, and nothing that is about pixels', () => {
    const rows = offered(method, 'rows');
    const names = rows.options.map(({ name }) => name);
    expect(names).toContain('penalty.weight');
    expect(names.filter((name) => /affine|kind|parameterisation/.test(name))).toEqual([]);
    // One is what `paper` has for images, and a choice for rows.
    const pulled = withOption(empty, rows, 'paper', option('penalty.weight'), 1);
    expect(pulled.changes.paper).toEqual({ 'penalty.weight': 1 });
    const groups = grouped(rows.options, 'rows').map(({ name }) => name);
    expect(groups).not.toContain('Random movement');
    expect(groups).toContain('Pull towards the neutral start');
  });

  it('forgets a change that is the profile’s own value again', () => {
    const changed = withOption(empty, method, 'paper', option('steps'), 64);
    expect(withOption(changed, method, 'paper', option('steps'), 512).changes.paper).toEqual({});
    expect(withOption(changed, method, 'paper', option('steps'), undefined)).toEqual({
      ...empty,
      changes: { paper: {} },
    });
  });

  it('is read again from what was remembered, and from nothing that is none', () => {
    const draft = { ...empty, classes: '3', seed: 4 };
    expect(draftOf(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    expect(draftOf({ ...draft, models: 'x', changes: null, other: 1 })).toMatchObject({
      ...{ models: [], classes: '3' },
    });
    expect(draftOf('nonsense')).toEqual(empty);
  });
});

describe('chosen classes', () => {
  const labels = ['7', 'zebra', 'maillot, tank suit', 'crane', 'Crane', 'all', 'a  b', '3-4'];
  const sets = [[0], [1, 2], [3, 4], [5, 6, 7], [0, 2, 4, 6], [0, 1, 2, 3, 4, 5, 6, 7], [7, 1]];

  it.each(sets)('are what the command line reads when they are written down: %s', (...classes) => {
    for (const text of [formatIndexes(classes, labels), formatNames(classes, labels)]) {
      const read = readClasses({ labels }, text);
      expect(read.problems).toEqual([]);
      expect(read.classes.toSorted()).toEqual(classes.toSorted());
    }
  });

  it('are written with ranges', () => {
    expect(formatIndexes([3, 1, 2, 9, 7, 8, 20], new Array<string>(30).fill(''))).toBe(
      '1-3,7-9,20',
    );
  });

  it('are found by a part of their name, or their index', () => {
    expect(answering(labels, 'TANK')).toEqual([2]);
    expect(answering(labels, '7')).toEqual([0, 7]);
    expect(answering(labels, '')).toHaveLength(8);
  });
});

describe('figures that nobody knows exactly', () => {
  it.each([
    [{ least: 700, most: 1100 }, 'about 12–18 minutes'],
    [{ least: 3, most: 8 }, 'less than 10 seconds'],
    [{ least: 20, most: 45 }, 'about 20–45 seconds'],
    [{ least: 42, most: 100 }, 'about 42–100 seconds'],
    [{ least: 9000, most: 16_000 }, 'about 2.5–4.5 hours'],
    [{ least: 400_000, most: 410_000 }, 'about 4.5 days'],
  ])('are rounded to what matters: %o', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it('of bytes too', () => {
    expect(bytes({ least: 312_345_678, most: 421_000_000 })).toBe('310–420 MB');
    expect(bytes({ least: 900_000_000, most: 1_240_000_000 })).toBe('0.9–1.2 GB');
    expect(bytes({ least: 12, most: 12 })).toBe('12 bytes');
  });
});

it('shows every parameter of the method, each once', () => {
  const shown = grouped(method.options).flatMap(({ options }) => options.map(({ name }) => name));
  expect(shown.toSorted()).toEqual(method.options.map(({ name }) => name).toSorted());
  expect(grouped(method.options).map(({ name }) => name)).not.toContain('More');
});
