/**
 * A process to be killed: works through an audit as a generation does, with a checkpoint, two snapshots and a
 * prototype a run, and says so after each. After MOST of them it waits for its end. Usage: node writer.ts FOLDER CLASSES
 * MOST
 */
import { openWorkspace } from '../workspace.ts';
import { bytesOf, outcomeOf, planAudit } from './sample.ts';

const [, , folder, classes, most] = process.argv;
const workspace = openWorkspace(folder);
const { auditId } = planAudit(workspace, Number(classes));
process.stdout.write('ready\n');
for (let made = 0; ; made++) {
  if (made === Number(most)) await new Promise(() => setInterval(() => undefined, 60_000));
  const [run] = workspace.runs.claim(auditId);
  if (!run) break;
  for (const step of [1, 2]) {
    workspace.runs.saveCheckpoint(run.id, bytesOf(run.classIndex * 10 + step, 5000));
    workspace.runs.addSnapshot(run.id, {
      stage: 2,
      step,
      logit: step,
      losses: { variance: 0, highFrequency: 0 },
      image: bytesOf(run.classIndex * 10 + step, 300),
    });
  }
  workspace.runs.finish(run.id, outcomeOf(run.classIndex));
  process.stdout.write('.');
}
workspace.close();
