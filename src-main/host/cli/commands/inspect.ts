import type { Command } from 'commander';
import { bytes } from '../../../api/figure.ts';
import type { Feature } from '../../../classifier/features.ts';
import { inspect, type Inspection } from '../../../classifier/inspect.ts';
import { modelOptionsOf, withExamples, withModelOptions, type ModelOptions } from '../options.ts';
import { exitCodes } from '../failure.ts';
import { printable, shortened } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { inspectPortrait } from './inspect-portrait.ts';

export function addInspect(program: Command, open: () => Terminal): Command {
  const command = program
    .command('inspect')
    .description(
      'say what a model file holds, and whether it can be audited; or whence a prototype is',
    )
    .argument('<file>', 'classifier file or folder, or the PNG of a prototype')
    .option('--workspace <folder>', 'of a PNG: whether this workspace holds it');
  return withExamples(withModelOptions(command), [
    'eidoscope inspect resnet18.onnx',
    'eidoscope inspect detector.onnx --output scores --json',
    'eidoscope inspect prototype.png',
  ]).action(async (path: string, options: ModelOptions & { workspace?: string }) => {
    if (path.toLowerCase().endsWith('.png'))
      return inspectPortrait(path, options.workspace, open());
    const found = await inspect(path, modelOptionsOf(options));
    await open().result(found, () => describe(found));
    if (found.problem) process.exitCode = exitCodes.input;
  });
}

function describe(found: Inspection): string {
  return [...head(found), ...network(found), ...classes(found), ...doubts(found)]
    .map(([name, value]) => `${name.padEnd(16)}${printable(value)}`)
    .join('\n');
}

type Line = readonly [string, string];

function head({ name, format, opset, producer, files }: Inspection): Line[] {
  return [
    ['name', name],
    [
      'format',
      `${format}${opset === undefined ? '' : `, opset ${opset}`}${producer ? `, written by ${producer}` : ''}`,
    ],
    ...files.map(({ path, sha256, bytes: size }): Line => [
      'file',
      `${path} (${bytes(size)}), SHA-256 ${sha256}`,
    ]),
  ];
}

function network({
  signatures,
  inputs,
  outputs,
  parameters,
  operators,
  layers,
}: Inspection): Line[] {
  const shapes = inputs.map(({ name, dtype, dims }) => `${name} ${dtype} [${dims.join(', ')}]`);
  const counts = operators.map(({ op, count }) => `${op} ${count}`);
  return [
    ...(signatures ? [['signatures', signatures.join(', ')] as const] : []),
    ['inputs', shapes.join('; ')],
    ['outputs', outputs.join(', ')],
    ['parameters', parameters.toLocaleString('en')],
    ['operators', counts.join(', ')],
    ...(layers
      ? [
          [
            'layers',
            Object.entries(layers)
              .map(([set, list]) => `${set} ${list.length}`)
              .join(', '),
          ] as const,
        ]
      : []),
  ];
}

function classes({ classifier }: Inspection): Line[] {
  if (!classifier) return [];
  const { logits, cut, labels } = classifier;
  return [
    ...takes(classifier),
    ['logits', cut ? `${logits} (${cut} cut off)` : logits],
    [
      'classes',
      `${labels.length}: ${labels
        .slice(0, 5)
        .map((label) => shortened(label, 40))
        .join(', ')}${labels.length > 5 ? ', …' : ''}`,
    ],
  ];
}

type Found = NonNullable<Inspection['classifier']>;

function takes({ input, features, preprocessing, preprocessingFrom }: Found): Line[] {
  const { range, mean, std, order } = preprocessing;
  if (features)
    return [
      ['rows', `${features.length} features in ${input.channels} columns, batch ${input.batch}`],
      ...features.slice(0, 20).map((feature): Line => ['feature', bounds(feature)]),
      ...(features.length > 20 ? [['feature', `${features.length - 20} more`] as const] : []),
    ];
  return [
    [
      'image',
      `${input.channels} × ${input.height} × ${input.width}, ${input.layout}, batch ${input.batch}`,
    ],
    [
      'preprocessing',
      `(${order} 0–${range} − [${mean.join(', ')}]) / [${std.join(', ')}], from: ${preprocessingFrom}`,
    ],
  ];
}

function bounds({ name, unit, min, max, integer, categories }: Feature): string {
  if (categories) return `${name}: ${categories.map((each) => shortened(each, 20)).join(', ')}`;
  return `${name}: ${min} to ${max}${unit ? ` ${unit}` : ''}${integer ? ', whole' : ''}`;
}

function doubts({ unsupported, notes, problem }: Inspection): Line[] {
  return [
    ...unsupported.map(({ op, node, count }): Line => [
      'not supported',
      count === 1 ? `${op}, at node ${node}` : `${op}, ${count} times, first at node ${node}`,
    ]),
    ...notes.map((note): Line => ['note', note]),
    ...(problem ? [['problem', problem] as const] : []),
  ];
}
