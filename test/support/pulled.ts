/**
 * Takes an engine's library away while an audit is under way, or asks for an engine whose library is away.
 *
 *   node pulled.ts audit ENGINE PATH WORKSPACE     makes prototypes, and renames PATH at the first step
 *   node pulled.ts open ENGINE
 *
 * Writes what the engine says of itself, and what became of the prototypes, as JSON.
 */
import { renameSync } from 'node:fs';
import { runAudit } from '../../src-main/audit/audit.ts';
import { parseConfiguration } from '../../src-main/audit/configuration.ts';
import { openEngine } from '../../src-main/engine/open.ts';
import { resourcePath } from '../../src-main/resources.ts';
import { openWorkspace } from '../../src-main/store/workspace.ts';

const [, , what, name, path, folder] = process.argv;
const engine = await openEngine(name);
const states: string[] = [];

if (what === 'audit') {
  const configuration = parseConfiguration(
    {
      models: ['shortcut', 'balanced'].map((model) => ({
        path: resourcePath(`sample/${model}.onnx`),
      })),
      ...{ classes: '0,1', options: { steps: 6, baseline: { maxSteps: 4 } } },
    },
    'This audit',
  );
  const workspace = openWorkspace(folder);
  let isAway = false;
  const { auditId } = await runAudit(configuration, {
    ...{ workspace, engine },
    onRun: ({ type }) => {
      if (type === 'step' && !isAway) renameSync(path, `${path}.away`);
      isAway ||= type === 'step';
    },
  });
  states.push(...workspace.runs.list(auditId).map(({ state }) => state));
  workspace.close();
}
console.log(JSON.stringify({ info: engine.info, states }));
// A native library may hold threads.
process.exit();
