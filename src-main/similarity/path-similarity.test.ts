import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { openOnnxRuntime } from '../engine/onnxruntime.ts';
import golden from './golden/protocol.json' with { type: 'json' };
import type { NaturalClass } from './natural.ts';
import type { SimilarityOptions, SimilarityProgress } from './options.ts';
import { pathSimilarity } from './path-similarity.ts';
import type { Band, Scores, SimilarityResult, Variants } from './result.ts';
import { otherClassControls, type Subject } from './subjects.ts';
import { smallClassifier, smallLayers } from './testing/network.ts';

const engine = await openOnnxRuntime({ threads: 1 });

async function* streamed<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

const naturals: NaturalClass[] = golden.pixels.map((images, index) => ({
  index,
  label: smallClassifier.labels[index],
  fingerprint: `class ${index}`,
  count: images.length,
  images: (_, only) =>
    streamed(
      images
        .map((image, i) => ({ name: String(i), pixels: Float32Array.from(image) }))
        .filter(({ name }) => !only || only.has(name)),
    ),
}));

const prototypes: Subject[] = golden.prototypes.map((image, classIndex) => ({
  series: 'prototype',
  kind: 'prototype',
  classIndex,
  pixels: () => Float32Array.from(image),
}));

function measure(options: Partial<SimilarityOptions> = {}): Promise<SimilarityResult> {
  return pathSimilarity(engine, smallClassifier, {
    layers: smallLayers,
    classes: naturals,
    subjects: [...prototypes, ...otherClassControls(prototypes)],
    resamples: 50,
    threads: 2,
    ...options,
  });
}

const SERIES = { prototype: 'prototype', grey: 'grey', other: "prototype, another class's" };
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function expectBand(band: Band, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  expect(band.mean).toBeCloseTo(meanOf(values), 5);
  if (sorted.length % 2 === 1)
    expect(band.quantiles[2]).toBeCloseTo(sorted[(sorted.length - 1) / 2], 5);
}

/** @param expected of all layers, and of their thirds */
function expectIntervals(scores: Variants<Scores>, expected: readonly (number[] | null)[]): void {
  const { interval, thirds } = scores.pooled.normalised;
  expect(scores.full.normalised.interval).toBeNull();
  [interval, thirds.first, thirds.middle, thirds.last].forEach((own, i) => {
    const wanted = expected[i];
    if (wanted === null) expect(own).toBeNull();
    // Divided by a spread as small as 0.02, an error of 1e-6 grows fifty times.
    else wanted.forEach((end, side) => expect(own![side]).toBeCloseTo(end, 3));
  });
}

describe.each(['predicted', 'labelled'] as const)(
  'path similarity of %s images',
  async (filter) => {
    const result = await measure({ filter });
    const reference = golden.results[filter];

    it('keeps the images that NumPy keeps', () => {
      expect(result.classes.map(({ images }) => images.map(({ name }) => Number(name)))).toEqual(
        reference.classes.map(({ kept }) => kept),
      );
    });

    it('gives the figures of natural images that NumPy and SciPy give pair by pair', () => {
      result.classes.forEach((each, c) =>
        each.layers.forEach((layer, l) => {
          for (const variant of ['full', 'pooled'] as const) {
            const [own, expected] = [layer[variant], reference.classes[c].layers[l][variant]];
            expectBand(own.spearman, expected.spearman);
            expectBand(own.l1, expected.l1);
            expectBand(own.leaveOneOutSpearman, expected.leaveOneOutSpearman);
            expectBand(own.leaveOneOutL1, expected.leaveOneOutL1);
            expect(own.same).toBeCloseTo(expected.same, 5);
            expect(own.different).toBeCloseTo(expected.different, 5);
            expect(own.constant).toBe(expected.constant);
          }
        }),
      );
    });

    it('gives the figures of prototypes and controls', () => {
      result.classes.forEach((each, c) => {
        for (const [name, series] of Object.entries(SERIES)) {
          const subject = each.subjects.find((candidate) => candidate.series === series)!;
          subject.layers.forEach((layer, l) => {
            for (const variant of ['full', 'pooled'] as const) {
              const expected =
                reference.classes[c].layers[l][variant].subjects[name as keyof typeof SERIES];
              expect(layer[variant].spearman).toBeCloseTo(expected.spearman, 5);
              expect(layer[variant].l1).toBeCloseTo(expected.l1, 5);
              expect(layer[variant].pairwise).toBeCloseTo(expected.pairwise, 5);
              expect(layer[variant].normalised === null).toBe(expected.normalised === null);
              if (expected.normalised !== null) {
                // Divided by a spread as small as 0.02, an error of 1e-6 grows fifty times.
                expect(layer[variant].normalised).toBeCloseTo(expected.normalised, 3);
              }
            }
          });
        }
      });
    });

    it('counts layers over the classes with sufficient evidence', () => {
      for (const [name, series] of Object.entries(SERIES)) {
        const total = result.totals.find((each) => each.series === series)!;
        for (const variant of ['full', 'pooled'] as const) {
          const expected = reference.totals[name as keyof typeof SERIES][variant];
          const scores = total.scores![variant];
          const shares = [
            scores.spearman,
            scores.l1,
            scores.leaveOneOutSpearman,
            scores.leaveOneOutL1,
          ];
          shares.forEach((share, i) => {
            expect(share.percent).toBeCloseTo(expected.percent[i], 4);
            expect(share.interval[0]).toBeLessThanOrEqual(share.interval[1]);
          });
          const { all, first, middle, last, undefinedLayers } = scores.normalised;
          [all, first, middle, last].forEach((value, i) => {
            const wanted = expected.normalised[i];
            if (wanted === null) expect(value).toBeNull();
            else expect(value).toBeCloseTo(wanted, 3);
          });
          expect(undefinedLayers).toBe(expected.undefined);
        }
      }
    });

    it('has the intervals of the normalised score that NumPy has when it compares every redrawn pair', () => {
      const enough = result.classes.filter(({ evidence }) => evidence === 'sufficient');
      for (const [name, series] of Object.entries(SERIES)) {
        const { total, classes } = reference.redraws[name as keyof typeof SERIES];
        const own = enough.map(({ subjects }) => subjects.find((each) => each.series === series)!);
        expectIntervals(result.totals.find((each) => each.series === series)!.scores!, total);
        own.forEach(({ scores }, c) => expectIntervals(scores!, classes[c]));
      }
    });

    it('gives no percentage where fewer than ten images count', () => {
      for (const { n, evidence, subjects } of result.classes) {
        expect(evidence).toBe(n < 10 ? 'insufficient' : 'sufficient');
        for (const { scores } of subjects) expect(scores === null).toBe(n < 10);
      }
    });

    it('scores noise and grey for every class without being asked', () => {
      for (const { subjects } of result.classes) {
        expect(subjects.map(({ kind }) => kind)).toEqual([
          'prototype',
          'other-class',
          'noise',
          'grey',
        ]);
      }
    });
  },
);

describe('a measurement', () => {
  it('gives the same result twice, and with one thread', async () => {
    const first = await measure();
    expect(await measure({ threads: 1 })).toEqual(first);
  });

  it('gives the same result with no room for activations, and with room for some', async () => {
    const first = await measure();
    const bytesPerImage = 4 * (60 + 80 + 80 + 4 + 60 + 4);
    expect(await measure({ keepBytes: 0 })).toEqual(first);
    expect(await measure({ keepBytes: 3.5 * bytesPerImage })).toEqual(first);
  });

  it('takes natural images from the cache, and measures a damaged entry anew', async () => {
    const entries = new Map<string, Uint8Array>();
    const cache = {
      get: (key: string) => Promise.resolve(entries.get(key)),
      put: (key: string, bytes: Uint8Array) => Promise.resolve(void entries.set(key, bytes)),
    };
    const first = await measure({ cache });
    expect(entries.size).toBe(naturals.length);
    const unread = naturals.map((each) => ({
      ...each,
      images: () => {
        throw new Error('the images were read again');
      },
    }));
    expect(await measure({ cache, classes: unread })).toEqual(first);
    for (const bytes of entries.values()) bytes[bytes.length >> 1] ^= 1;
    await expect(measure({ cache, classes: unread })).rejects.toThrow('read again');
    expect(await measure({ cache })).toEqual(first);
  });

  it('leaves no temporary folder behind, whether it succeeds or fails', async () => {
    // A folder of its own: other tests make and remove such folders meanwhile.
    const own = await mkdtemp(join(tmpdir(), 'similarity-test-'));
    vi.stubEnv('TMPDIR', own);
    let made: string[] = [];
    const onProgress = () => void (made = readdirSync(own));
    await measure({ classes: naturals.slice(0, 2), subjects: [], onProgress });
    expect(made).toHaveLength(1);
    const stop = new AbortController();
    const abort = () => stop.abort(new Error('stopped'));
    await expect(measure({ signal: stop.signal, onProgress: abort })).rejects.toThrow('stopped');
    expect(readdirSync(own)).toEqual([]);
    vi.unstubAllEnvs();
    await rm(own, { recursive: true });
  });

  it('counts its steps up to the total', async () => {
    const seen: SimilarityProgress[] = [];
    await measure({ onProgress: (progress) => void seen.push(progress) });
    const images = naturals.reduce((sum, { count }) => sum + count, 0);
    const subjects = 4 * naturals.length;
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([2 * images + subjects]));
    const scoring = seen.filter(({ phase }) => phase === 'subjects').map(({ done }) => done);
    const steps = Array.from({ length: subjects + 1 }, (_, i) => 2 * images + i);
    expect([...new Set(scoring)]).toEqual(steps);
    const measuring = seen.filter(({ phase }) => phase === 'natural images');
    expect(measuring.at(-1).done).toBe(2 * images);
  });

  it('keeps apart in the cache what other threads round and what other logits predict', async () => {
    const entries = new Map<string, Uint8Array>();
    const cache = {
      get: (key: string) => Promise.resolve(entries.get(key)),
      put: (key: string, bytes: Uint8Array) => Promise.resolve(void entries.set(key, bytes)),
    };
    const options = { cache, layers: smallLayers.slice(0, 1), classes: naturals, subjects: [] };
    await pathSimilarity(engine, smallClassifier, options);
    const outputs = ['pooled', 'logits'];
    const graph = {
      ...smallClassifier.graph,
      nodes: [
        ...smallClassifier.graph.nodes,
        { name: 'pooled', op: 'Flatten', inputs: ['g'], outputs: ['pooled'], attributes: {} },
      ],
      outputs,
    };
    await pathSimilarity(engine, { ...smallClassifier, graph, logits: 'pooled' }, options);
    expect(entries.size).toBe(2 * naturals.length);
    await pathSimilarity(await openOnnxRuntime({ threads: 2 }), smallClassifier, options);
    expect(entries.size).toBe(3 * naturals.length);
  });

  it('names the layer where activations are not numbers', async () => {
    const broken: NaturalClass = {
      ...naturals[0],
      images: () =>
        streamed(['0', '1', '2'].map((name) => ({ name, pixels: new Float32Array(60).fill(NaN) }))),
    };
    await expect(measure({ classes: [broken], subjects: [], filter: 'labelled' })).rejects.toThrow(
      /^Similarity cannot be measured: an activation is not a number in the layer \w+\.$/,
    );
  });

  it('tells where a part of the network runs elsewhere than the engine says', async () => {
    const fallback = 'The CPU computes some operators of the graph.';
    const partly: Engine = {
      info: engine.info,
      close: () => engine.close(),
      compile: async (graph) => Object.assign(await engine.compile(graph), { fallback }),
    };
    const notes: string[] = [];
    const onNote = (text: string) => void notes.push(text);
    const options = { layers: smallLayers.slice(0, 1), classes: naturals, subjects: [], onNote };
    await pathSimilarity(partly, smallClassifier, options);
    await pathSimilarity(engine, smallClassifier, options);
    expect(notes).toEqual([fallback]);
  });

  it('gives no figures for a class with fewer than two images', async () => {
    const one: NaturalClass = { ...naturals[0], count: 0, images: () => streamed([]) };
    const { classes, totals } = await measure({ classes: [one], subjects: [] });
    expect(classes).toMatchObject([{ n: 0, evidence: 'insufficient', layers: [], subjects: [] }]);
    expect(totals).toEqual([]);
  });

  it('has no normalised score for a single class, since there are no strangers', async () => {
    const { totals } = await measure({ classes: naturals.slice(0, 1), subjects: [] });
    expect(totals[0].scores!.full.normalised).toMatchObject({ all: null, undefinedLayers: 7 });
  });

  it('asks for the pixels of a subject once, and when all before it are scored', async () => {
    let scored = 0;
    const scoredWhenAsked: number[] = [];
    const counted = prototypes.map((each): Subject => ({
      ...each,
      pixels: () => {
        scoredWhenAsked.push(scored);
        return each.pixels();
      },
    }));
    const images = naturals.reduce((sum, { count }) => sum + count, 0);
    const onProgress = ({ phase, done }: SimilarityProgress): void => {
      if (phase === 'subjects') scored = done - 2 * images;
    };
    await measure({ subjects: [...counted, ...otherClassControls(counted)], onProgress });
    // Of each class its prototype, another's, and then noise and grey, which are drawn here.
    expect(scoredWhenAsked).toEqual(naturals.flatMap((_, c) => [4 * c, 4 * c + 1]));
  });

  it('refuses images of another size, and of classes without natural images', async () => {
    const wrong = { ...prototypes[0], pixels: () => new Float32Array(5) };
    await expect(measure({ subjects: [wrong] })).rejects.toThrow(
      'has 5 values, but the model takes 3×4×5',
    );
    await expect(measure({ classes: naturals.slice(1), subjects: prototypes })).rejects.toThrow(
      'There are no natural images of class 0',
    );
  });

  it('says which layers it leaves out', async () => {
    const layers = [...smallLayers, { name: 'ghost', value: 'nowhere', depth: 1 }];
    const { leftOut } = await measure({ layers, classes: naturals.slice(0, 1), subjects: [] });
    expect(leftOut).toEqual([{ name: 'ghost', reason: 'It is not part of the network.' }]);
    await expect(measure({ layers: layers.slice(-1) })).rejects.toThrow('None of the layers');
  });
});
