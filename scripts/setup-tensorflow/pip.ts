import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './run.ts';

/**
 * Lets pip download one wheel, and nothing that it depends on.
 * @param name with its version, as pip takes it
 * @param more options of pip
 * @returns its path
 * @throws SetupError in one sentence
 */
export async function downloadWheel(
  name: string,
  folder: string,
  python: string,
  more: readonly string[] = [],
): Promise<string> {
  const before = new Set(readdirSync(folder));
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', ...more];
  await run(python, [...args, '--quiet', '--dest', folder, name], {
    missing: `There is no ${python}; install Python with pip, or name one with --python.`,
    failed: `pip cannot download ${name}`,
  });
  const file = readdirSync(folder).find((each) => each.endsWith('.whl') && !before.has(each));
  if (file === undefined) throw new SetupError(`pip has no wheel of ${name}.`);
  return join(folder, file);
}
