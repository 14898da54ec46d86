/**
 * Writes the worked example of docs/tables.md: a small classifier of rows with a shortcut built in, its sidecar, its
 * classes, and natural rows: node scripts/make-table.ts FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeOnnx } from '../src-main/graph/onnx/write.ts';
import { applicants } from './table/applicants.ts';
import { features, labels, network } from './table/decisions.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Say where to write the example: node scripts/make-table.ts FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const sidecar = { name: 'decisions', labels: 'decisions.txt', features };
writeFileSync(join(folder, 'decisions.onnx'), writeOnnx(network()));
writeFileSync(join(folder, 'decisions.json'), `${JSON.stringify(sidecar, null, 2)}\n`);
writeFileSync(join(folder, 'decisions.txt'), `${labels.join('\n')}\n`);
writeFileSync(join(folder, 'applicants.csv'), applicants(400));
