import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadWheel } from './pip.ts';
import { run, SetupError, step } from './run.ts';

/** What a wheel of TensorFlow for GPUs asks of NVIDIA's wheels under its extra `and-cuda`, a line each. */
const REQUIREMENTS = `
import email.parser, re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(name for name in archive.namelist() if name.endswith('.dist-info/METADATA'))
    metadata = email.parser.Parser().parsestr(archive.read(name).decode())
for line in metadata.get_all('Requires-Dist') or []:
    requirement, _, marker = line.partition(';')
    if requirement.strip().startswith('nvidia-') and 'and-cuda' in marker:
        print(re.sub(r'[ ()]', '', requirement))
`;

/** Their libraries, and nothing else. */
const LIBRARIES = `
import re, sys, zipfile
wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if re.match(r'nvidia/[^/]+/lib/[^/]+$', name)])
`;

/**
 * Lays CUDA's libraries where TensorFlow's library looks for them: in a folder `nvidia` beside its own, as pip lays both
 * out. Where they cannot be had, those of the system count, and a sentence says so.
 * @param wheel of TensorFlow for GPUs
 * @param place folder of the package, whose `deps/lib` gets TensorFlow's libraries
 */
export async function addCuda(wheel: string, place: string, python: string): Promise<void> {
  try {
    const wanted = await requirementsOf(wheel, python);
    if (wanted.length === 0) throw new SetupError('The wheel names none.');
    const folder = join(dirname(wheel), 'cuda');
    mkdirSync(folder);
    for (const name of wanted) {
      await step(`downloading ${name} with pip`, () => addLibraries(name, folder, place, python));
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    rmSync(join(place, 'deps', 'nvidia'), { recursive: true, force: true });
    console.log(`CUDA's libraries are to be the system's own, for pip has none: ${error.message}`);
  }
}

async function requirementsOf(wheel: string, python: string): Promise<string[]> {
  const text = await run(python, ['-c', REQUIREMENTS, wheel], {
    missing: `There is no ${python}.`,
    failed: 'The wheel does not say what it needs',
  });
  return text.split('\n').filter((line) => line !== '');
}

async function addLibraries(
  name: string,
  folder: string,
  place: string,
  python: string,
): Promise<void> {
  const wheel = await downloadWheel(name, folder, python);
  await run(python, ['-c', LIBRARIES, wheel, join(place, 'deps')], {
    missing: `There is no ${python}.`,
    failed: 'The wheel cannot be unpacked',
  });
  rmSync(wheel);
}
