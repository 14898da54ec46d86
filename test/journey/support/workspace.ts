import { eidoscope } from '../../support/command.ts';
import { sampleFile } from '../../support/sample.ts';

/** Makes a workspace in which both of the sample's classifiers are audited, in few steps. */
export async function makeWorkspace(
  folder: string,
  name: string,
  more: readonly string[] = [],
): Promise<void> {
  const models = ['balanced', 'shortcut'].flatMap((model) => [
    '--model',
    sampleFile(`${model}.onnx`),
  ]);
  const options = [
    '--images',
    sampleFile('photographs'),
    '--profile',
    'fourier',
    '--set',
    'steps=8',
  ];
  const audit = ['audit', ...models, '--classes', '3,7', ...options, ...more, '--workspace', name];
  const { code, stderr } = await eidoscope(audit, folder);
  if (code !== 0) throw new Error(stderr);
}
