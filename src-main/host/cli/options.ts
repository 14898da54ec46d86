import { InvalidArgumentError, Option, type Command } from 'commander';
import { presetNames } from '../../classifier/preprocessing.ts';
import type { Engine } from '../../engine/engine.ts';
import { openOnnxRuntime, type Provider } from '../../engine/onnxruntime.ts';

/** Options that several commands share, each described once. */

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return value;
  };
}

/** `224,224` */
function pixels(text: string): [number, number] {
  const sides = text.split(/[,x×]/).map(Number);
  if (sides.length !== 2 || !sides.every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new InvalidArgumentError('It must be a height and a width, such as 224,224.');
  }
  return [sides[0], sides[1]];
}

export interface ModelOptions {
  preprocessing?: string;
  labels?: string;
  output?: string;
  size?: [number, number];
}

/** How a model file is to be understood. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--preprocessing <preset|file>', `${presetNames.join(', ')}, or a JSON file`)
    .option('--labels <file>', 'class names, one a line')
    .option('--output <name>', 'the output with the class scores, where there are several')
    .option('--size <h,w>', 'size of the image in pixels, where the model leaves it free', pixels);
}

export const modelOptionsOf = ({
  preprocessing,
  labels,
  output,
  size,
}: ModelOptions): ModelOptions => ({
  ...(preprocessing !== undefined && { preprocessing }),
  ...(labels !== undefined && { labels }),
  ...(output !== undefined && { output }),
  ...(size !== undefined && { size }),
});

export interface EngineOptions {
  engine: Provider;
  threads?: number;
}

/** Where to compute. */
export function withEngineOptions(command: Command): Command {
  const providers: Provider[] = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];
  return command
    .addOption(
      new Option('--engine <provider>', 'where to compute').choices(providers).default('cpu'),
    )
    .option('--threads <n>', 'native threads (default: one a physical core)', wholeNumber(1));
}

export const openEngine = ({ engine, threads }: EngineOptions): Promise<Engine> =>
  openOnnxRuntime({ provider: engine, ...(threads === undefined ? {} : { threads }) });

/** Help that ends in examples. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`,
  );
}
