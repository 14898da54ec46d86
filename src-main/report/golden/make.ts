/**
 * Writes report.json and tables of the golden workspace (store/golden). Times are replaced, for that workspace may be
 * made again. They pin the form of version 1: a change that breaks readers takes the next version.
 *
 *   node src-main/report/golden/make.ts
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATABASE } from '../../store/database.ts';
import { sha256 } from '../../store/blobs.ts';
import { bytesOf, outcomeOf, scratchFolder } from '../../store/support/sample.ts';
import { bytesOfFloats } from '../../store/runs.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { composeReport } from '../compose.ts';
import { reportJson } from '../json.ts';
import { tablesOf } from '../tables.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The database holds no files; their content is known. */
function giveFiles(folder: string): void {
  const { image, raw } = outcomeOf(0);
  for (const bytes of [image, bytesOfFloats(raw), bytesOf(5), bytesOf(6), bytesOf(7)]) {
    const hash = sha256(bytes);
    fs.mkdirSync(join(folder, 'files', hash.slice(0, 2)), { recursive: true });
    fs.writeFileSync(join(folder, 'files', hash.slice(0, 2), hash), bytes);
  }
}

const entanglement = [
  {
    ...{ modelId: 1, profile: 'paper', classes: [0, 2] },
    ...{
      probabilities: [
        [0.75, 0.25],
        [0.5, 0.5],
      ],
      cosines: [
        [1, 0.5],
        [0.5, 1],
      ],
    },
    pairs: [{ a: 0, b: 2, cosine: 0.5, probability: 0.5 }],
  },
];

const TABLES = ['prototypes.csv', 'scores.csv', 'findings.csv'];

/** Texts by the names of their files. */
export async function goldenReport(): Promise<Map<string, string>> {
  const scratch = scratchFolder();
  fs.copyFileSync(pathOf('../../store/golden/version-1.db'), join(scratch.path, DATABASE));
  giveFiles(scratch.path);
  const workspace = openWorkspace(scratch.path);
  try {
    const [audit] = workspace.audits.list();
    workspace.scores.saveFinding(audit.id, 'entanglement', entanglement);
    const { report } = await composeReport(workspace, audit.id);
    const tables = [...tablesOf(report)].filter(([name]) => TABLES.includes(name));
    const texts = [['report.json', reportJson(report)] as const, ...tables];
    return new Map(texts.map(([name, text]) => [name, timeless(text)]));
  } finally {
    workspace.close();
    scratch.remove();
  }
}

const timeless = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-02T03:04:05.678Z');

if (import.meta.main) {
  for (const [name, text] of await goldenReport()) fs.writeFileSync(pathOf(name), text);
}
