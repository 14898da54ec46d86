import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { spell } from '../../audit/command-line.ts';
import { parseConfiguration, readConfiguration } from '../../audit/configuration.ts';
import { scratchFolder } from '../../store/support/sample.ts';
import { configurationOf, withAuditOptions, type AuditOptions } from './audit-options.ts';

const path = "/models/it's a model.onnx";
const audits: Record<string, object> = {
  'one model and nothing else': { models: [{ path }] },
  'all that options can say': {
    models: [path, '/models/b.onnx'].map((each) => ({
      ...{ path: each, preprocessing: 'caffe', labels: '/models/names.txt' },
      ...{ output: 'scores', signature: 'classify it', size: [64, 48] },
    })),
    ...{ classes: 'maillot, tank suit\n3-5,"quoted" $HOME', images: '/photos of `all`' },
    profiles: ['fourier', 'paper'],
    ...{ prototypes: 3, seed: 17, layers: 'block', natural: 'labelled', controls: false },
    options: {
      ...{ steps: 64, epsilon: 1e-9, betas: [0.5, 0.99] },
      affine: { enabled: true, scale: [0.9, 1.1] },
      penalty: { kind: 'l1' },
    },
  },
  'profiles with options of their own': {
    models: [{ path }],
    profiles: [{ profile: 'paper', options: { penalty: { weight: 0.05 } } }, 'fourier'],
  },
  'folders that are called otherwise than their classes': {
    models: [{ path }],
    ...{ images: '/photos', classMap: { n02669723: 'academic gown', 'my cat': 281 } },
  },
  'models that are read differently': {
    models: [
      { path, preprocessing: 'tf' },
      { path: '/models/b.onnx', images: '/photos' },
    ],
  },
};

/** The words that a POSIX shell makes of a line: not ours. */
const wordsOf = (line: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${line}`])
    .toString()
    .split('\0')
    .slice(0, -1);

describe.each(Object.entries(audits))('%s, as it is asked for in a pipeline', (_, request) => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());
  const audit = parseConfiguration(request, 'This audit');
  const { command, yaml, needsFile } = spell(audit, '/work space');

  it('is the same audit when the file is read', () => {
    const file = join(scratch.path, 'audit.yaml');
    writeFileSync(file, yaml);
    expect(readConfiguration(file)).toEqual(audit);
  });

  it('is the same audit when a shell runs the command', () => {
    const [npx, program, name, ...words] = wordsOf(command);
    expect([npx, program, name]).toEqual(['npx', 'eidoscope', 'audit']);
    const parsed = withAuditOptions(new Command())
      .option('--images <folder>')
      .option('--config <file>')
      .exitOverride()
      .parse(words, { from: 'user' });
    const options = parsed.opts<AuditOptions & { images?: string; config?: string }>();
    expect(options.workspace).toBe('/work space');
    expect(options.config).toBe(needsFile ? 'audit.yaml' : undefined);
    if (!needsFile) expect(configurationOf(options, options)).toEqual(audit);
  });
});

it('needs a file only for what options cannot say', () => {
  const needs = Object.values(audits).map(
    (request) => spell(parseConfiguration(request, ''), '/w').needsFile,
  );
  expect(needs).toEqual([false, false, true, true, true]);
});
