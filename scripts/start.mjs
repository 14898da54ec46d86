/**
 * `npm start`: sets everything up and opens the studio, which audits the sample first.
 *
 *   npm start -- --workspace DIR   open that workspace instead of the sample
 *   npm start -- --web             serve the studio on this machine's loopback address, open no window
 *   npm start -- --port N          the port for --web (a free one otherwise)
 *   npm start -- --no-studio       audit the sample without a studio, once
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, build, install, main, pinnedNode, root, run, runNode, say } from './setup.mjs';

const built = (...path) => join(root, 'out', 'main', 'host', ...path);
const help = 'npm start -- [--workspace DIR] [--web] [--port N] [--no-studio]';

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        workspace: { type: 'string' },
        web: { type: 'boolean' },
        port: { type: 'string' },
        'no-studio': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new SetupError(`${error.message.split('\n')[0]}\n${help}`);
  }
}

/** The sample is whole once the command line said so; a killed one goes on where it stopped. */
async function runSample(workspace) {
  const mark = join(workspace, 'sample-done');
  if (existsSync(mark)) return;
  say(
    'Running the sample audit: prototypes and path similarity of two small classifiers (about a minute) …',
  );
  const code = await runNode([
    built('cli', 'main.js'),
    'audit',
    '--sample',
    '--workspace',
    workspace,
  ]);
  if (code !== 0) throw new SetupError('The sample audit failed; its words stand above.');
  writeFileSync(mark, '');
}

function hasDisplay() {
  const unix = process.platform !== 'win32' && process.platform !== 'darwin';
  return !unix || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Finds Electron's executable, and lets Electron fetch it once. @returns its path, or undefined */
async function findElectron() {
  const folder = join(root, 'node_modules', 'electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const dist = override ?? join(folder, 'dist');
  const executable = () => {
    const mark = join(folder, 'path.txt');
    const name = existsSync(mark) ? readFileSync(mark, 'utf8') : 'electron';
    return [join(dist, name)].find((path) => existsSync(path));
  };
  if (executable() || override) return executable();
  say('Fetching Electron, once (about 100 MB, 10 minutes at most) …');
  await runNode([join(folder, 'install.js')], { quiet: true, timeout: 600_000 });
  return executable();
}

/** @returns whether a window could be opened, and was closed again by its person */
async function openWindow(workspace, sample) {
  const electron = hasDisplay() ? await findElectron() : undefined;
  if (!electron) {
    say('There is no display, or no Electron: use your browser instead.');
    return false;
  }
  say('Opening the studio …');
  // Chromium's own sandbox refuses to work for root.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const code = await run(electron, [...flags, root, `--workspace=${workspace}`, ...sample], {
    env: { EIDOSCOPE_NODE: pinnedNode },
  });
  if (code !== 0) say('The window failed; its words stand above. Use your browser instead.');
  return code === 0;
}

async function openStudio(workspace, options) {
  const sample = options.workspace ? [] : ['--sample'];
  if (!options.web && (await openWindow(workspace, sample))) return 0;
  const port = options.port ? ['--port', options.port] : [];
  return runNode([built('web', 'main.js'), '--workspace', workspace, ...port, ...sample]);
}

await main(async () => {
  const options = readOptions();
  if (options.help) {
    say(help);
    return 0;
  }
  await install();
  if (!(await build())) throw new SetupError('The build failed; its words stand above.');
  const workspace = resolve(options.workspace ?? join(root, '.eidoscope', 'sample'));
  if (!options.workspace) await runNode([join(root, 'scripts', 'old-sample.ts'), workspace]);
  if (!options['no-studio']) return openStudio(workspace, options);
  if (!options.workspace) await runSample(workspace);
  return 0;
});
