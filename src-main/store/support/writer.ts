/**
 * A process to be killed: works through an audit as a generation does, with a checkpoint, two snapshots and a
 * prototype a run. Usage: node writer.ts FOLDER CLASSES
 */
import { openWorkspace } from '../workspace.ts';
import { bytesOf, outcomeOf, planAudit } from './sample.ts';

const [, , folder, classes] = process.argv;
const workspace = openWorkspace(folder);
const { auditId } = planAudit(workspace, Number(classes));
process.stdout.write('ready\n');
for (;;) {
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
}
workspace.close();
