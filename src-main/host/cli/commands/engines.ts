import type { Command } from 'commander';
import { surveyEngines, type EngineReport, type EngineSurvey } from '../../../audit/engines.ts';
import { loadClassifier } from '../../../classifier/load.ts';
import { resourcePath } from '../../../resources.ts';
import {
  modelOptionsOf,
  wholeNumber,
  withExamples,
  withModelOptions,
  type ModelOptions,
} from '../options.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ModelOptions {
  model?: string;
  seconds: number;
  threads?: number;
}

export function addEngines(program: Command, open: () => Terminal): Command {
  const command = program
    .command('engines')
    .description('try every engine, measure those that work here, and recommend one')
    .option('--model <file>', 'model to measure with (default: the bundled sample)')
    .option('--seconds <n>', 'how long each engine is measured', wholeNumber(1), 2)
    .option('--threads <n>', 'native threads (default: one a physical core)', wholeNumber(1));
  return withExamples(withModelOptions(command), [
    'eidoscope engines',
    'eidoscope engines --model resnet18.onnx --json',
  ]).action(async ({ model, ...options }: Options) => {
    const terminal = open();
    const path = model ?? resourcePath('sample/balanced.onnx');
    const classifier = await loadClassifier(path, modelOptionsOf(options));
    const survey = await surveyEngines(classifier, {
      ...options,
      onProgress: (done, total, label) => terminal.progress.update(done, total, label),
    });
    await terminal.result(survey, () => describe(survey));
  });
}

function describe({ model, engines, recommended, because }: EngineSurvey): string {
  const works = engines.filter(({ info }) => info !== undefined);
  const head = [
    'engine',
    'version',
    'threads',
    'batch',
    'gradient, ms',
    'images/s',
    'time over cpu',
  ];
  const rows = works.map(({ name, info, batch, passMs, imagesPerSecond, overCpu }) => [
    name,
    `${info!.id} ${info!.version}`,
    info!.threads || undefined,
    batch,
    passMs,
    imagesPerSecond,
    overCpu,
  ]);
  const notes = engines.flatMap(({ name, reason, info, batchBecause }: EngineReport) => [
    ...(reason === undefined ? [] : [`${name}: ${reason}`]),
    // On a processor it is always one, and the page on engines says why.
    ...(info?.threads === 0 && batchBecause ? [`${name}, images at a time: ${batchBecause}`] : []),
  ]);
  return [
    `Gradients of ${model}`,
    '',
    table(head, rows),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    recommended === undefined ? because : `Recommended: --engine ${recommended}. ${because}`,
  ].join('\n');
}
