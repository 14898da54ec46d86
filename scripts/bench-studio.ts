/**
 * How fast the studio is: cold start, keys, and 10,000 prototypes. Needs a build and an audited workspace.
 *
 *   node scripts/bench-studio.ts [WORKSPACE] [--runs N] [--json]
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hosts, type Host } from '../test/journey/support/hosts.ts';
import { latencies } from './bench/interaction.ts';
import { stress } from './bench/stress.ts';

const root = join(import.meta.dirname, '..');

/** @param part 0.5 for the median */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1];
}

interface Row {
  readonly what: string;
  readonly milliseconds: number;
  readonly target?: number;
  readonly details: string;
}

const rounded = (values: readonly number[]): string => values.map(Math.round).join(', ');

/** From the start of the program's process to the first picture of its gallery. */
async function coldStart(host: Host, workspace: string, runs: number): Promise<Row[]> {
  const starts: number[] = [];
  let keys: number[] = [];
  for (let run = 0; run < runs; run++) {
    const from = performance.now();
    const studio = await host.open(workspace);
    await studio.page.locator('[role=gridcell] img').first().waitFor();
    starts.push(performance.now() - from);
    if (run === runs - 1) keys = await latencies(studio.page);
    await studio.close();
  }
  return [
    {
      ...{ what: `cold start, ${host.name}`, milliseconds: quantile(starts, 0.5), target: 2000 },
      details: `median of ${rounded(starts)}`,
    },
    {
      ...{ what: `key to paint, ${host.name}`, milliseconds: quantile(keys, 0.95), target: 100 },
      details: `95th percentile of ${keys.length}; median ${Math.round(quantile(keys, 0.5))}, most ${Math.round(quantile(keys, 1))}`,
    },
  ];
}

async function tenThousand(runs: number): Promise<Row[]> {
  const found = [];
  for (let run = 0; run < runs; run++) found.push(await stress(join(root, 'out', 'renderer')));
  const first = found.map(({ firstPictures }) => firstPictures);
  const tasks = found.flatMap(({ longTasks }) => longTasks);
  const frames = found.map(({ longestFrame }) => longestFrame);
  return [
    {
      ...{ what: '10,000 prototypes, first pictures', milliseconds: quantile(first, 0.5) },
      ...{ target: 1000, details: `median of ${rounded(first)}` },
    },
    {
      ...{ what: '10,000 prototypes, longest task while scrolled', target: 50 },
      milliseconds: Math.max(0, ...tasks),
      details: `${tasks.length} tasks over 50 ms in ${runs} runs; longest frames ${rounded(frames)}`,
    },
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const scratch = await mkdtemp(join(tmpdir(), 'eidoscope-bench-'));
const workspace = join(scratch, 'workspace');
await cp(positionals[0] ?? join(root, '.eidoscope', 'sample'), workspace, { recursive: true });
const rows: Row[] = [];
for (const host of hosts) rows.push(...(await coldStart(host, workspace, runs)));
rows.push(...(await tenThousand(runs)));
await rm(scratch, { recursive: true });
if (values.json)
  process.stdout.write(`${JSON.stringify({ cpu: cpus()[0].model, rows }, null, 2)}\n`);
else {
  for (const { what, milliseconds, target, details } of rows) {
    const figure = `${Math.round(milliseconds)} ms`.padStart(8);
    process.stdout.write(`${what.padEnd(48)}${figure}  target ${target} ms  ${details}\n`);
  }
}
