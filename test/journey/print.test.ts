import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../../scripts/runtimes/chromium.ts';
import { openDisplay, type Display } from '../../scripts/runtimes/display.ts';
import { findElectron } from '../../scripts/runtimes/electron.ts';
import { exportReport } from '../../src-main/report/export.ts';
import {
  chromiumPrinter,
  electronPrinter,
  findPrinter,
} from '../../src-main/report/pdf/printer.ts';
import { auditWith } from '../../src-main/report/support/audited.ts';
import { openWorkspace, type Workspace } from '../../src-main/store/workspace.ts';
import { eidoscope, environment } from '../support/command.ts';
import { Folder } from '../support/network.ts';
import { hosts } from './support/hosts.ts';

/** Sizes of the pages of a PDF, in points. */
const pagesOf = (pdf: Buffer): string[] =>
  [...pdf.toString('latin1').matchAll(/\/MediaBox \[([^\]]*)\]/g)].map(([, box]) => box);

describe.runIf(hosts.some(({ name }) => name === 'Electron'))('a report without a Chromium', () => {
  const folder = new Folder();
  const electron = findElectron()!;
  let display: Display;
  let workspace: Workspace;
  let auditId: number;
  beforeAll(async () => {
    display = await openDisplay();
    for (const [name, value] of Object.entries(display.env)) vi.stubEnv(name, value);
    workspace = openWorkspace(join(folder.path, 'w'));
    auditId = auditWith(workspace);
  });
  afterAll(() => {
    workspace?.close();
    display?.close();
    vi.unstubAllEnvs();
    folder.remove();
  });

  async function print(name: string, printer: ReturnType<typeof electronPrinter>) {
    const place = join(folder.path, name);
    const { notes } = await exportReport(workspace, auditId, place, { formats: ['pdf'], printer });
    expect(notes).toEqual([]);
    return readFileSync(join(place, 'report.pdf'));
  }

  it('is printed by Electron, on the pages that Chromium prints', async () => {
    const own = pagesOf(await print('own', electronPrinter(electron)));
    expect(new Set(own)).toEqual(new Set(['0 0 594.95996 841.91998']));
    const chromium = findChromium();
    if (chromium === undefined) return;
    expect(own).toEqual(pagesOf(await print('other', chromiumPrinter(chromium))));
  });

  it('finds the Electron that the studio starts, where there is a display and no browser is named', () => {
    const dist = { ELECTRON_OVERRIDE_DIST_PATH: dirname(electron), PATH: '' };
    // Of this system no other place is known.
    const find = (more: NodeJS.ProcessEnv) =>
      findPrinter({ platform: 'freebsd', environment: { ...dist, ...more } })?.program;
    expect(find({ DISPLAY: ':1' })).toBe(electron);
    expect(find({})).toBeUndefined();
    expect(find({ DISPLAY: ':1', CHROME_PATH: join(folder.path, 'nothing') })).toBeUndefined();
    expect(
      find({ DISPLAY: ':1', ELECTRON_OVERRIDE_DIST_PATH: join(folder.path, 'nothing') }),
    ).toBeUndefined();
  });

  it('is written whole by the command line', async () => {
    const before = { ...environment };
    const variables: NodeJS.ProcessEnv = environment;
    Object.assign(variables, display.env, {
      PATH: '',
      ELECTRON_OVERRIDE_DIST_PATH: dirname(electron),
    });
    delete variables.EIDOSCOPE_CHROMIUM;
    delete variables.CHROME_PATH;
    const ended = await eidoscope(
      ['report', '--workspace', 'w', '--format', 'pdf', '--out', 'whole'],
      folder.path,
    );
    Object.assign(variables, before);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const pdf = readFileSync(join(folder.path, 'whole', 'report.pdf'));
    expect(pagesOf(pdf).length).toBeGreaterThan(1);
  });
});
