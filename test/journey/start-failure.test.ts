import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDisplay, type Display } from '../../scripts/runtimes/display.ts';
import { findElectron } from '../../scripts/runtimes/electron.ts';
import { openWorkspace } from '../../src-main/store/workspace.ts';
import { node } from '../support/command.ts';
import { Folder } from '../support/network.ts';
import { hosts } from './support/hosts.ts';

/**
 * Loaded before the program: tells what dialogs say, and takes each of them for answered with its last button, after
 * its first one as often as is asked for. A service that is to fail takes the place of the real one.
 */
const ANSWERS = `
const { dialog, utilityProcess } = require('electron');
let again = Number(process.env.TRY_AGAIN ?? 0);
dialog.showMessageBox = (options) => {
  console.log('dialog ' + JSON.stringify([options.message, options.buttons]));
  return Promise.resolve({ response: again-- > 0 ? 0 : options.buttons.length - 1 });
};
const { BROKEN_SERVICE } = process.env;
const fork = utilityProcess.fork;
if (BROKEN_SERVICE) utilityProcess.fork = (_, ...more) => fork.call(utilityProcess, BROKEN_SERVICE, ...more);
dialog.showErrorBox = (title, message) => console.log('dialog ' + JSON.stringify([message]));
`;

describe.runIf(hosts.some(({ name }) => name === 'Electron'))('a studio that cannot start', () => {
  const folder = new Folder();
  const answers = folder.write('answers.cjs', ANSWERS);
  let display: Display;
  beforeAll(async () => {
    display = await openDisplay();
  });
  afterAll(() => {
    display?.close();
    folder.remove();
  });

  /** Starts the program until it ends. @returns its exit code, and what its dialogs said */
  async function start(workspace: string, more: NodeJS.ProcessEnv = {}) {
    const name = `window-${Math.random()}`;
    const own = ['--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder.path, name)}`];
    const root = join(import.meta.dirname, '..', '..');
    const words = ['-r', answers, root, `--workspace=${workspace}`, ...own];
    const child = spawn(findElectron()!, words, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        ...display.env,
        EIDOSCOPE_NODE: node,
        EIDOSCOPE_CONFIG: join(folder.path, 'settings'),
        ...more,
      },
    });
    // Whatever happens, nothing is left running.
    const patience = setTimeout(() => child.kill('SIGKILL'), 50_000);
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(patience);
    const dialogs = [...said.matchAll(/^dialog (.*)$/gm)].map(
      ([, json]) => JSON.parse(json) as unknown,
    );
    return { code, dialogs };
  }
  const ways = ['Try again', 'Open another workspace…', 'Open it to be read only', 'Quit'];

  it('says that its workspace is of a newer version, asks once, and ends', async () => {
    const workspace = join(folder.path, 'newer');
    openWorkspace(workspace).close();
    const database = new Database(join(workspace, 'eidoscope.db'));
    database.pragma('user_version = 999');
    database.close();
    expect(await start(workspace)).toEqual({
      code: 0,
      dialogs: [[expect.stringMatching(/newer/), ways]],
    });
  });

  it('says that its workspace cannot be a folder', async () => {
    const file = folder.write('precious.txt', 'precious');
    expect(await start(join(file, 'below'))).toEqual({
      code: 0,
      dialogs: [
        [`The workspace ${join(file, 'below')} is not a folder: choose another path.`, ways],
      ],
    });
  });

  /** A service that ends at once: as Electron starts it, and as the Node that stands in does. */
  const broken = (): NodeJS.ProcessEnv => {
    const service = folder.write(
      'broken.cjs',
      `console.error('The disk is upside down.'); process.exit(3);`,
    );
    const program = folder.write('broken.sh', `#!/bin/sh\nexec '${node}' '${service}'\n`);
    chmodSync(program, 0o755);
    return { EIDOSCOPE_NODE: program, BROKEN_SERVICE: service };
  };

  it('says that its service cannot start, with what it said last, and tries again when asked', async () => {
    const dialog = ['The studio’s service cannot start: The disk is upside down.', ways];
    expect(await start(join(folder.path, 'fine'), { ...broken(), TRY_AGAIN: '1' })).toEqual({
      code: 0,
      dialogs: [dialog, dialog],
    });
  });

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0)('says that a folder cannot be written to', async () => {
    const locked = join(folder.path, 'locked');
    mkdirSync(locked, { mode: 0o555 });
    expect(await start(join(locked, 'workspace'))).toEqual({
      code: 0,
      dialogs: [[expect.stringMatching(/locked.workspace.*choose/), ways]],
    });
  });
});
