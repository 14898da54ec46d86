/**
 * What `npm start` and `npm test` share: packages installed when that is due, the build brought up to date, and
 * commands run under the pinned Node. Needs no package, and runs on every Node from 20 on.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const builtFrom = ['src-main', 'src-renderer', 'package-lock.json', 'electron.vite.config.ts'];
const buildStamp = join(root, 'out', 'built-from');

/** The Node that everything runs under: the `node` package's, pinned in package-lock.json. */
export const pinnedNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** A failure whose message is all that a person needs. */
export class SetupError extends Error {}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

const children = new Set();
/** How long a child may take to stop, in milliseconds: npm would rather finish its installation first. */
const patience = 5000;
let stopping = false;

/** Ctrl-C on a terminal reaches the children by itself; we only wait for the last of them to end. */
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true;
    const forwarded = signal === 'SIGTERM' || !process.stdin.isTTY;
    for (const child of forwarded ? children : []) child.kill(signal);
    setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), patience).unref();
    if (children.size === 0) process.exit(128 + (signal === 'SIGINT' ? 2 : 15));
  });
}

/**
 * Runs a command in the repository's folder with the pinned Node first on the PATH.
 * @returns its exit code; after Ctrl-C this process ends as well
 */
export function run(command, args, { env = {}, quiet = false, timeout = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
    const stdio = quiet ? 'ignore' : 'inherit';
    const child = spawn(command, args, {
      cwd: root,
      stdio,
      timeout,
      env: { ...process.env, PATH: path, ...env },
    });
    children.add(child);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      if (stopping) process.exit(130);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/** Runs a script or a package's program under the pinned Node. */
export function runNode(args, options) {
  return run(pinnedNode, args, options);
}

/** Runs npm: the one that started us, or the one on the PATH. */
function runNpm(args) {
  const cli = process.env.npm_execpath;
  const usable = cli?.endsWith('npm-cli.js') && existsSync(cli);
  if (usable) return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...args]);
  return windows ? run('cmd', ['/c', 'npm', ...args]) : run('npm', args);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm writes its own lockfile into node_modules as its last act: what it names is whole. */
function installIsDue() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(modules, '.package-lock.json'))?.packages ?? {};
  return Object.entries(wanted).some(
    ([path, entry]) => path !== '' && !entry.optional && installed[path]?.version !== entry.version,
  );
}

function pinnedNodeWorks() {
  return spawnSync(pinnedNode, ['--version'], { timeout: 20_000 }).status === 0;
}

/** Where install scripts are forbidden, the `node` package has not yet fetched its executable. */
async function fetchPinnedNode() {
  const folder = join(modules, 'node');
  if (!existsSync(folder)) return;
  say('Fetching the pinned Node …');
  await runNpm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}

const installHelp = `Installing the packages failed; npm's words stand above.
Check the network connection and the free disk space (1 GB), then run the same command again.
If it keeps failing, delete the folder node_modules first.`;

/** Installs the packages of package-lock.json unless they are there, and makes sure of the pinned Node. */
export async function install() {
  if (installIsDue()) {
    say('Installing packages (half a minute to some minutes) …');
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const code = await runNpm(['ci', ...quiet]);
    if (code !== 0) {
      say("Trying again without the packages' install scripts …");
      if ((await runNpm(['ci', '--ignore-scripts', ...quiet])) !== 0)
        throw new SetupError(installHelp);
    }
  }
  if (!pinnedNodeWorks()) await fetchPinnedNode();
  if (!pinnedNodeWorks()) {
    throw new SetupError(
      'The pinned Node (package "node") cannot be started: run "npm rebuild node" and read what it says.',
    );
  }
}

function* filesUnder(path) {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

/** Changes whenever a source file is added, removed, or written. */
function sourceFingerprint() {
  const hash = createHash('sha256');
  for (const part of builtFrom) {
    for (const file of filesUnder(join(root, part))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** Runs one of package.json's scripts. @returns whether it succeeded */
export async function runScript(name, args = []) {
  return (await runNpm(['run', '--silent', name, '--', ...args])) === 0;
}

/** Builds unless what is built is newer than every source. @returns whether there is a good build */
export async function build() {
  const fingerprint = sourceFingerprint();
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === fingerprint) return true;
  say('Building …');
  // What goes well needs hundreds of lines otherwise; what fails is still told.
  const built = await runScript('build', ['--logLevel', 'error']);
  if (built) writeFileSync(buildStamp, fingerprint);
  return built;
}

/** Runs a script's body; a SetupError ends in its words alone. */
export async function main(body) {
  const major = Number(process.versions.node.split('.')[0]);
  try {
    if (major < 20)
      throw new SetupError(`Eidoscope needs Node 20 or newer; this is ${process.version}.`);
    process.exitCode = await body();
  } catch (error) {
    process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
