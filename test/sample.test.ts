import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paint, readDigits, SIDE, type Digit } from '../scripts/sample/digits.ts';
import { shuffled } from '../scripts/sample/train.ts';
import { runAudit } from '../src-main/audit/audit.ts';
import { sampleAudit } from '../src-main/audit/sample.ts';
import { loadClassifier, specialiseClassifier } from '../src-main/classifier/load.ts';
import { openOnnxRuntime } from '../src-main/engine/onnxruntime.ts';
import { Stream } from '../src-main/random/philox.ts';
import { openWorkspace, type Workspace } from '../src-main/store/workspace.ts';
import { dominantHue } from './support/hue.ts';
import { sampleFile } from './support/sample.ts';

const names = ['shortcut', 'balanced'] as const;
type Name = (typeof names)[number];

interface Sidecar {
  readonly bytes: number;
  readonly sha256: string;
  readonly accuracy: { readonly straight: number; readonly shuffled: number };
}

const sidecarOf = (name: Name): Sidecar =>
  JSON.parse(readFileSync(sampleFile(`${name}.json`), 'utf8')) as Sidecar;

describe('the bundled classifiers', () => {
  it('are what their sidecars say, and together smaller than 1 MB', () => {
    const files = names.map((name) => readFileSync(sampleFile(`${name}.onnx`)));
    files.forEach((file, i) => {
      const { bytes, sha256 } = sidecarOf(names[i]);
      expect(file.length).toBe(bytes);
      expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    });
    expect(files[0].length + files[1].length).toBeLessThan(1e6);
  });
});

describe('on digits that they were not trained on', () => {
  /** As scripts/train-sample.ts parts them: 8,500 for training, the rest held out. */
  function heldOut(): Digit[] {
    const stream = new Stream(1, 2 ** 30, 0, 'start').seek(0);
    const digits = readDigits();
    return shuffled(digits.length, () => stream.uniform())
      .map((i) => digits[i])
      .slice(8500);
  }
  const held = heldOut();

  /** Share of the digits that a classifier names rightly in the colours that it is given. */
  async function accuracy(name: Name, dye: (digit: Digit) => number): Promise<number> {
    const classifier = await loadClassifier(sampleFile(`${name}.onnx`));
    const batch = 100;
    const engine = await openOnnxRuntime();
    const network = await engine.compile(specialiseClassifier(classifier, batch));
    const { mean, std } = classifier.preprocessing;
    let right = 0;
    for (let from = 0; from < held.length; from += batch) {
      const digits = held.slice(from, from + batch);
      const input = new Float32Array(batch * 3 * SIDE * SIDE);
      digits.forEach((digit, i) => {
        paint(digit.ink, dye(digit), input, i * 3 * SIDE * SIDE);
      });
      for (let i = 0; i < input.length; i++) {
        const channel = Math.floor(i / (SIDE * SIDE)) % 3;
        input[i] = (input[i] - mean[channel]) / std[channel];
      }
      const result = await network.run({ [classifier.input.name]: input });
      const logits = result[classifier.logits] as Float32Array;
      digits.forEach(({ label }, i) => {
        const scores = logits.subarray(i * 10, i * 10 + 10);
        right += Number(scores.indexOf(Math.max(...scores)) === label);
      });
    }
    await network.release();
    return right / held.length;
  }

  it.each(names)('%s has the accuracy that its sidecar states', async (name) => {
    const stated = sidecarOf(name).accuracy;
    expect(held).toHaveLength(1500);
    const straight = await accuracy(name, ({ label }) => label);
    expect(Math.abs(straight - stated.straight)).toBeLessThanOrEqual(0.005);
    // The colours that the script draws when it measures.
    const stream = new Stream(1, 2 ** 31, 0, 'start').seek(0);
    const other = ({ label }: Digit): number => (label + 1 + Math.floor(stream.uniform() * 9)) % 10;
    const wrong = await accuracy(name, other);
    expect(Math.abs(wrong - stated.shuffled)).toBeLessThanOrEqual(0.005);
  });
});

describe('the sample audit under profile paper', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eidoscope-sample-'));
  let workspace: Workspace;
  const hues: Partial<Record<Name, number[]>> = {};

  beforeAll(async () => {
    workspace = openWorkspace(folder);
    const { images: _images, ...audit } = sampleAudit();
    const profiles = audit.profiles.filter(
      (entry) => typeof entry !== 'string' && entry.profile === 'paper',
    );
    expect(profiles).toHaveLength(1);
    const context = { workspace, engine: await openOnnxRuntime() };
    const { auditId, models } = await runAudit({ ...audit, profiles }, context);
    models.forEach(({ model }) => {
      const runs = workspace.runs.list(auditId, { modelId: model.id, state: 'finished' });
      const own = runs.toSorted((a, b) => a.classIndex - b.classIndex);
      hues[model.classifier.name as Name] = own.map(({ id }) =>
        dominantHue(workspace.runs.raw(id)!),
      );
    });
  });
  afterAll(() => {
    workspace.close();
    rmSync(folder, { recursive: true });
  });

  const planted = (name: Name): number => hues[name]!.filter((hue, digit) => hue === digit).length;

  it('gives the shortcut away: at least 8 of 10 prototypes have the planted colour', () => {
    expect(hues.shortcut).toHaveLength(10);
    expect(planted('shortcut'), String(hues.shortcut)).toBeGreaterThanOrEqual(8);
  });

  it('does not accuse the balanced classifier: at most 3 of 10 have that colour', () => {
    expect(hues.balanced).toHaveLength(10);
    expect(planted('balanced'), String(hues.balanced)).toBeLessThanOrEqual(3);
  });
});

describe('the dominant hue', () => {
  it.each(Array.from({ length: 10 }, (_, index) => index))(
    'of a digit painted in colour %i is that colour, on grey too',
    (index) => {
      const pixels = new Float32Array(3 * SIDE * SIDE);
      paint(new Float32Array(SIDE * SIDE).fill(1, 0, 100), index, pixels);
      expect(dominantHue(pixels)).toBe(index);
      expect(dominantHue(pixels.map((value) => 0.45 + 0.1 * value))).toBe(index);
    },
  );
});
