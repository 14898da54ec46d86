import { InvalidArgumentError, Option, type Command } from 'commander';
import { selfTestTitles, type SelfTest } from '../../../api/self-test.ts';
import { selfTest } from '../../../audit/self-test.ts';
import { loadClassifier } from '../../../classifier/load.ts';
import { AUTOMATIC, engineNames, type EngineName } from '../../../engine/choices.ts';
import { isEngine } from '../../../engine/open.ts';
import { exitCodes } from '../failure.ts';
import {
  modelOptionsOf,
  openEngine,
  withExamples,
  withModelOptions,
  type ModelOptions,
} from '../options.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ModelOptions {
  engine: [string, EngineName | undefined];
  photograph?: string;
}

export function addSelfTest(program: Command, open: () => Terminal): Command {
  const command = program
    .command('self-test')
    .description('test whether Eidoscope reads a model rightly: gradient, logits, labels')
    .argument('<model>', 'model file')
    .addOption(
      new Option('--engine <a,b>', 'the engine that is tested, and the one it is held against')
        .argParser(twoEngines)
        .default(['cpu', undefined], 'cpu, and one of another kind'),
    )
    .option('--photograph <file>', 'of something that the model knows');
  return withExamples(withModelOptions(command), [
    'eidoscope self-test resnet18.onnx --photograph dalmatian.jpg',
    'eidoscope self-test resnet18.onnx --engine webgpu,cpu --json',
  ]).action(async (path: string, { engine: [name, other], ...options }: Options) => {
    const terminal = open();
    const classifier = await loadClassifier(path, modelOptionsOf(options));
    const engine = await openEngine({ engine: name });
    const found = await selfTest(classifier, engine, {
      ...{ path, other, photograph: options.photograph },
      onProgress: (done, total, label) => terminal.progress.update(done, total, label),
    });
    await engine.close();
    await terminal.result(found, () => describe(found));
    if (!found.passed) process.exitCode = exitCodes.changed;
  });
}

/** `cpu` or `webgpu,cpu` */
function twoEngines(text: string): Options['engine'] {
  const [name, other, ...more] = text.split(',').map((each) => each.trim());
  const known = (each: string) => isEngine(each) || each === AUTOMATIC;
  if (more.length > 0 || !known(name) || (other !== undefined && !isEngine(other)))
    throw new InvalidArgumentError(`It must be one or two of ${engineNames.join(', ')}.`);
  return [name, other];
}

const marks = { passed: 'passed ', failed: 'FAILED ', skipped: 'skipped' } as const;

function describe({ model, checks, top, passed }: SelfTest): string {
  const lines = checks.map(
    ({ name, state, text }) => `${marks[state]}  ${selfTestTitles[name]}: ${text}`,
  );
  const seen = top.map(
    ({ label, probability }) =>
      `  ${(100 * (probability ?? 0)).toFixed(1).padStart(5)} %  ${label}`,
  );
  const end = passed ? `${model} passed.` : `${model} failed.`;
  return [...lines, ...seen, end].map(printable).join('\n');
}
