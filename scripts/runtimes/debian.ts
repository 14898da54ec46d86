import { spawnSync } from 'node:child_process';

const apt = (...words: string[]): boolean =>
  spawnSync('apt-get', words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/**
 * Installs packages of Debian or Ubuntu where we may.
 * @throws Error that says what a person has to install
 */
export function installDebian(packages: readonly string[]): void {
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  const may = process.platform === 'linux' && process.getuid?.() === 0;
  if (may && (apt(...install) || (apt('update', '-qq') && apt(...install)))) return;
  throw new Error(`Install these packages, then run it again: ${packages.join(' ')}.`);
}
