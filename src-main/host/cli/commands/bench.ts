import { InvalidArgumentError, Option, type Command } from 'commander';
import { profileNames } from '../../../api/request.ts';
import { thisMachine, type Machine } from '../../../audit/benchmark-machine.ts';
import { measureInTurn, type Benchmark } from '../../../audit/benchmark.ts';
import { loadClassifier } from '../../../classifier/load.ts';
import { AUTOMATIC, engineNames } from '../../../engine/choices.ts';
import type { Engine } from '../../../engine/engine.ts';
import { isEngine } from '../../../engine/open.ts';
import {
  modelOptionsOf,
  openEngine,
  wholeNumber,
  withExamples,
  withModelOptions,
  type ModelOptions,
} from '../options.ts';
import { table, type Cell } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ModelOptions {
  engine: string[];
  threads?: number;
  rounds: number;
  batches: number[];
  profile: 'paper' | 'fourier';
}

export function addBench(program: Command, open: () => Terminal): Command {
  const command = program
    .command('bench')
    .description(
      'measure what a step, an image and a compilation cost, against the forward pass of the same run',
    )
    .argument('<models...>', 'model files')
    .addOption(
      new Option('--engine <names>', 'what computes, such as cpu,webgpu; measured in turn')
        .argParser(engines)
        .default(['cpu'], 'cpu'),
    )
    .option('--threads <n>', 'native threads (default: one a physical core)', wholeNumber(1))
    .option('--rounds <n>', 'rounds of forward passes and steps in turn', wholeNumber(1), 12)
    .option('--batches <list>', 'images a run that are tried, such as 1,2,4', counts, [1, 2, 4])
    .addOption(
      new Option('--profile <name>', 'profile of the step').choices(profileNames).default('paper'),
    );
  return withExamples(withModelOptions(command), [
    'eidoscope bench resnet18.onnx',
    'eidoscope bench resnet18.onnx --rounds 30 --profile fourier --json',
    'eidoscope bench resnet18.onnx --engine cpu,tensorflow-wasm --rounds 2',
  ]).action((paths: string[], options: Options) => run(paths, options, open()));
}

async function run(paths: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const { threads } = options;
  const engines: Engine[] = [];
  for (const engine of options.engine) engines.push(await openEngine({ engine, threads }));
  const results: Benchmark[] = [];
  for (const [i, path] of paths.entries()) {
    const start = performance.now();
    const classifier = await loadClassifier(path, modelOptionsOf(options));
    const readMs = performance.now() - start;
    const measured = await measureInTurn(classifier, engines, {
      ...{ ...options, readMs },
      onProgress: (share, label) => terminal.progress.update(i + share, paths.length, label),
    });
    results.push(...measured);
  }
  await Promise.all(engines.map((engine) => engine.close()));
  const machine = await thisMachine();
  // One model on one engine is the whole answer; more are a list.
  const answer = results.length === 1 ? { ...results[0], machine } : { machine, results };
  await terminal.result(answer, () => describe(results, machine));
}

function engines(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => isEngine(name) || name === AUTOMATIC)) return names;
  throw new InvalidArgumentError(`It must be a list of ${[AUTOMATIC, ...engineNames].join(', ')}.`);
}

function counts(text: string): number[] {
  return text.split(',').map((each) => wholeNumber(1)(each.trim()));
}

function describe(results: readonly Benchmark[], machine: Machine): string {
  const steps = ['model', 'engine', 'input', 'forward ms', 'step ms', 'step ÷ forward'];
  const costs = [
    'model',
    'engine',
    'read ms',
    'differentiate',
    'compile',
    'similarity',
    'memory MB',
  ];
  const batches = ['model', 'engine', 'images a run', 'ms an image', 'step ms', 'outside network'];
  const parts = [
    table(
      [...steps, 'at once', 'forward ms', 'step ÷ forward', 'steps/s', 'outside network'],
      results.map(stepRow),
    ),
    table(costs, results.map(costRow)),
    table(batches, results.flatMap(batchRows)),
    results.flatMap(({ engine: { fallback } }) => fallback ?? []).join('\n'),
    machineInWords(machine),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const nameOf = ({ engine }: Benchmark): string => `${engine.id} ${engine.provider}`;

function stepRow(found: Benchmark): Cell[] {
  const { shareOutsideNetwork: idle } = found;
  return [
    ...[found.model, nameOf(found), found.input.join(' × ')],
    ...[found.forwardMs, found.stepMs, found.stepOverForward],
    ...[found.atOnce, found.forwardAtOnceMs, found.stepOverForwardAtOnce, found.stepsPerSecond],
    percent(idle),
  ];
}

const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : `${(100 * share).toFixed(1)} %`;

const batchRows = (found: Benchmark): Cell[][] =>
  found.batches.map(({ batch, msPerImage, stepMs, shareOutsideNetwork }) => [
    ...[found.model, nameOf(found), batch, msPerImage, stepMs, percent(shareOutsideNetwork)],
  ]);

function costRow(found: Benchmark): Cell[] {
  const { readMs, differentiateMs, compileMs, similarityMsPerImage, peakRssMB } = found;
  return [
    ...[found.model, nameOf(found), readMs, differentiateMs, compileMs],
    ...[similarityMsPerImage, Math.round(peakRssMB)],
  ];
}

function machineInWords({
  processor,
  cores,
  threads,
  memoryMB,
  graphics,
  system,
  versions,
}: Machine) {
  const parts = [
    `${processor}, ${cores} cores, ${threads} threads, ${memoryMB} MB`,
    graphics.join('; ') || 'no graphics card that the system tells of',
    system,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
  return parts.join('\n');
}
