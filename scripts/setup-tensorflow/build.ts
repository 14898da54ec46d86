import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addCuda } from './cuda.ts';
import { downloadWheel } from './pip.ts';
import { run, SetupError, step } from './run.ts';

export interface BuildOptions {
  readonly gpu: boolean;
  /** A Python with pip. */
  readonly python: string;
  /** Version of TensorFlow. */
  readonly version: string;
}

/** Versions of Python whose wheels hold the same library; pip's own comes first. */
const PYTHONS = [undefined, '3.13', '3.12', '3.11', '3.10'];

/** What of the wheel is needed: two libraries, and the headers of the C interface. */
const UNPACK = `
import sys, zipfile
wheel, folder = sys.argv[1:]
wanted = ('tensorflow/libtensorflow_', 'tensorflow/include/tensorflow/c/',
          'tensorflow/include/tensorflow/core/platform/', 'tensorflow/include/xla/', 'tensorflow/include/tsl/')
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(wanted)]
    archive.extractall(folder, names)
`;

/**
 * Builds the binding of tfjs-node against the library of a TensorFlow wheel.
 * @param folder to work in
 * @param place the package's folder, which gets the libraries and the binding
 * @throws SetupError in one sentence
 */
export async function buildFromWheel(
  folder: string,
  place: string,
  options: BuildOptions,
): Promise<void> {
  const work = join(folder, 'wheel');
  const name = `${options.gpu ? 'tensorflow' : 'tensorflow-cpu'}==${options.version}`;
  const wheel = await step(`downloading ${name} with pip`, () => download(name, work, options));
  await step('unpacking it', () => unpack(wheel, work, options.python));
  if (options.gpu) await addCuda(wheel, place, options.python);
  rmSync(wheel);
  await step('compiling the binding', () => compile(folder, place, join(work, 'tensorflow')));
  rmSync(work, { recursive: true });
}

async function download(name: string, work: string, { python }: BuildOptions): Promise<string> {
  mkdirSync(work);
  let first: SetupError | undefined;
  for (const version of PYTHONS) {
    const other = version === undefined ? [] : ['--python-version', version];
    try {
      return await downloadWheel(name, work, python, other);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      first ??= error;
      // Another Python helps only where this one has no wheel.
      if (!/no matching|find a version/i.test(error.message)) break;
    }
  }
  throw first!;
}

async function unpack(wheel: string, work: string, python: string): Promise<void> {
  await run(python, ['-c', UNPACK, wheel, work], {
    missing: `There is no ${python}.`,
    failed: 'The wheel cannot be unpacked',
  });
}

/** The libraries lie where the package's own script would put them, and the binding finds them from where it lies. */
async function compile(folder: string, place: string, wheel: string): Promise<void> {
  const libraries = join(place, 'deps', 'lib');
  const target = join(place, 'lib', 'napi-v8');
  for (const each of [libraries, target]) mkdirSync(each, { recursive: true });
  const missing = `There is no C++ compiler; install g++, or name one in the variable CXX.`;
  const names = readdirSync(wheel).filter((name) => /^libtensorflow_(cc|framework)\.so/.test(name));
  if (names.length === 0) throw new SetupError('The wheel holds no libtensorflow_cc.');
  for (const name of names) renameSync(join(wheel, name), join(libraries, name));
  const include = [
    join(folder, 'node_modules', 'node-api-headers', 'include'),
    join(wheel, 'include'),
    place,
  ].map((each) => `-I${each}`);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((each) =>
    join(place, 'binding', each),
  );
  const flags = ['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-w'];
  const link = [
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
    `-L${libraries}`,
    ...names.map((name) => `-l:${name}`),
  ];
  const output = ['-o', join(target, 'tfjs_binding.node')];
  await run(process.env.CXX ?? 'g++', [...flags, ...include, ...sources, ...output, ...link], {
    missing,
    failed: 'The binding cannot be compiled',
  });
}
