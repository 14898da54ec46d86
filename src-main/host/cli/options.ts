import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isPresetName, presetNames } from '../../classifier/preprocessing.ts';
import type { Engine } from '../../engine/engine.ts';
import { AUTOMATIC, engineNames } from '../../engine/choices.ts';
import { openEngine as openByName } from '../../engine/open.ts';

/** Options that several commands share, each described once. */

export function wholeNumber(
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  const limit = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}${limit}.`);
    }
    return value;
  };
}

/** `224,224` */
function pixels(text: string): [number, number] {
  const [, height, width] = /^([1-9]\d{0,4})[,x×]([1-9]\d{0,4})$/.exec(text) ?? [];
  if (height === undefined) {
    throw new InvalidArgumentError('It must be a height and a width, such as 224,224.');
  }
  return [Number(height), Number(width)];
}

export interface ModelOptions {
  preprocessing?: string;
  labels?: string;
  features?: string;
  output?: string;
  signature?: string;
  size?: [number, number];
}

/** How a model file is to be understood. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--preprocessing <preset|file>', `${presetNames.join(', ')}, or a JSON file`)
    .option('--labels <file>', 'class names, one a line')
    .option('--features <file>', 'of a table: JSON or CSV that describes its features')
    .option('--output <name>', 'the output with the class scores, where there are several')
    .option('--signature <name>', 'which network of a SavedModel, where it has several')
    .option('--size <h,w>', 'size of the image in pixels, where the model leaves it free', pixels);
}

export const modelOptionsOf = ({
  preprocessing,
  labels,
  features,
  output,
  signature,
  size,
}: ModelOptions): ModelOptions => ({
  // A workspace remembers them, and is used from other folders too.
  ...(preprocessing !== undefined && {
    preprocessing: isPresetName(preprocessing) ? preprocessing : resolve(preprocessing),
  }),
  ...(labels !== undefined && { labels: resolve(labels) }),
  ...(features !== undefined && { features: resolve(features) }),
  ...(output !== undefined && { output }),
  ...(signature !== undefined && { signature }),
  ...(size !== undefined && { size }),
});

export interface EngineOptions {
  engine: string;
  threads?: number;
}

/** Where to compute. */
export function withEngineOptions(command: Command): Command {
  const names = [AUTOMATIC, ...engineNames];
  return command
    .addOption(
      new Option('--engine <name>', 'what computes (auto: the fastest here)')
        .choices(names)
        .default('cpu'),
    )
    .option('--threads <n>', 'native threads (default: one a physical core)', wholeNumber(1));
}

export const openEngine = ({ engine, threads }: EngineOptions): Promise<Engine> =>
  openByName(engine, threads === undefined ? {} : { threads });

/** Help that ends in examples. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`,
  );
}
