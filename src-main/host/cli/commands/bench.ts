import { Option, type Command } from 'commander';
import { measure, type Benchmark } from '../../../audit/benchmark.ts';
import { profileNames } from '../../../api/request.ts';
import { loadClassifier } from '../../../classifier/load.ts';
import {
  modelOptionsOf,
  openEngine,
  wholeNumber,
  withEngineOptions,
  withExamples,
  withModelOptions,
  type EngineOptions,
  type ModelOptions,
} from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ModelOptions, EngineOptions {
  rounds: number;
  profile: 'paper' | 'fourier';
}

export function addBench(program: Command, open: () => Terminal): Command {
  const command = program
    .command('bench')
    .description(
      'measure what a step, an image and a compilation cost, against the forward pass of the same run',
    )
    .argument('<model>', 'ONNX file')
    .option('--rounds <n>', 'rounds of forward passes and steps in turn', wholeNumber(1), 12)
    .addOption(
      new Option('--profile <name>', 'profile of the step').choices(profileNames).default('paper'),
    );
  return withExamples(withEngineOptions(withModelOptions(command)), [
    'eidoscope bench resnet18.onnx',
    'eidoscope bench resnet18.onnx --rounds 30 --profile fourier --json',
  ]).action(async (path: string, options: Options) => {
    const terminal = open();
    const classifier = await loadClassifier(path, modelOptionsOf(options));
    const engine = await openEngine(options);
    const found = await measure(classifier, engine, {
      ...options,
      onProgress: (share, label) => terminal.progress.update(share, 1, label),
    });
    await terminal.result(found, () => describe(found));
  });
}

function describe(found: Benchmark): string {
  const lines: [string, string][] = [
    ['model', `${found.model}, ${found.input.join(' × ')}`],
    [
      'engine',
      `${found.engine.id} ${found.engine.version} on ${found.engine.provider}, ${found.engine.device}`,
    ],
    ['forward', `${found.forwardMs.toFixed(2)} ms`],
    ['step', `${found.stepMs.toFixed(2)} ms = ${found.stepOverForward.toFixed(2)} forward passes`],
    ['compile', `${found.compileMs.toFixed(0)} ms, differentiation included`],
    [
      'similarity',
      `${found.similarityMsPerImage.toFixed(1)} ms an image = ${found.similarityOverForward.toFixed(1)} forward passes`,
    ],
    [
      'natural image',
      `${found.naturalMsPerImage.toFixed(1)} ms, both passes and leave-one-out included`,
    ],
    ['peak memory', `${found.peakRssMB.toFixed(0)} MB`],
  ];
  return lines.map(([name, value]) => `${name.padEnd(15)}${value}`).join('\n');
}
