import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configurationSchema, parseConfiguration, resolveConfiguration } from './configuration.ts';
import { PrototypeError } from './errors.ts';

describe('a configuration', () => {
  it('of the profile paper is what the paper fixes and what we chose beside it', () => {
    expect(resolveConfiguration('paper')).toEqual({
      profile: 'paper',
      parameterisation: 'pixels',
      initStd: 0.01,
      seed: 0,
      prototypes: 1,
      steps: 512,
      learningRate: 0.05,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      baseline: { enabled: true, maxSteps: 512, stopRatio: 0.001 },
      penalty: { kind: 'sum', weight: 1 },
      affine: { enabled: true, scale: [0.7, 1.3], rotation: 180, translation: 0.5 },
      snapshotEvery: 64,
    });
  });

  it('of the profile fourier has its parameterisation, a weak mean penalty and 512 steps in all', () => {
    const fourier = resolveConfiguration('fourier');
    expect(fourier.parameterisation).toBe('fourier');
    expect(fourier.penalty).toEqual({ kind: 'mean', weight: 1 });
    expect(fourier.steps).toBe(512);
    expect(fourier.baseline.enabled).toBe(false);
    expect(fourier.affine).toEqual(resolveConfiguration('paper').affine);
  });

  it('of the profile plain is paper with neither transforms nor penalty', () => {
    const paper = resolveConfiguration('paper');
    expect(resolveConfiguration('plain')).toEqual({
      ...paper,
      profile: 'plain',
      penalty: { ...paper.penalty, weight: 0 },
      affine: { ...paper.affine, enabled: false },
    });
  });

  it('keeps the rest of a group when one of its options is changed', () => {
    const changed = resolveConfiguration('paper', { affine: { rotation: 15 }, seed: 7 });
    expect(changed.affine).toEqual({
      enabled: true,
      scale: [0.7, 1.3],
      rotation: 15,
      translation: 0.5,
    });
    expect(changed.seed).toBe(7);
  });

  it('survives JSON', () => {
    const whole = resolveConfiguration('fourier', { penalty: { weight: 0.1 } });
    expect(parseConfiguration(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it.each([
    [{ steps: -1 }, /^The option steps is not usable: .*\.$/],
    [{ seed: 1.5 }, /option seed/],
    [
      { affine: { scale: [2, 1] as [number, number] } },
      /affine\.scale .* the smaller magnification first/,
    ],
    [{ penalty: { weight: Infinity } }, /option penalty\.weight/],
    [{ sparkle: 1 }, /sparkle/],
  ])('names the option that does not fit: %j', (overrides: object, sentence) => {
    expect(() => resolveConfiguration('paper', overrides)).toThrow(PrototypeError);
    expect(() => resolveConfiguration('paper', overrides)).toThrow(sentence);
  });

  it('refuses a profile that does not exist, with those that do', () => {
    expect(() => resolveConfiguration('maco' as 'paper')).toThrow(
      /no profile maco; there are paper, fourier, plain/,
    );
  });

  it('documents every option with its source', () => {
    const leaves = (schema: z.core.JSONSchema.JSONSchema): z.core.JSONSchema.JSONSchema[] =>
      schema.properties
        ? Object.values(schema.properties).flatMap((entry) =>
            leaves(entry as z.core.JSONSchema.JSONSchema),
          )
        : [schema];
    const options = leaves(z.toJSONSchema(configurationSchema));
    expect(options.length).toBe(19);
    for (const entry of options) {
      expect(entry.description).toMatch(/\.$/);
      expect(['fixed', 'ours']).toContain(entry.source);
    }
  });
});
