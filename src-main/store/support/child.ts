/**
 * A process that opens a workspace and says what came of it, for tests that need another user, another mount or
 * another writer. Usage: node child.ts read|write|hold|fill FOLDER
 */
import { openWorkspace } from '../workspace.ts';
import { bytesOf, planAudit } from './sample.ts';

const [, , action, folder] = process.argv;

/** Writes checkpoints of some runs until the disk is full. */
function fill(): void {
  const workspace = openWorkspace(folder);
  try {
    const { auditId } = planAudit(workspace, 100);
    for (const run of workspace.runs.claim(auditId, 100)) {
      workspace.runs.saveCheckpoint(run.id, bytesOf(run.id, 100_000));
    }
  } finally {
    const { missing, damaged, database } = workspace.verify();
    process.stdout.write(`${JSON.stringify([missing, damaged, database])}\n`);
    workspace.close();
  }
}

try {
  if (action === 'fill') fill();
  else if (action === 'read') {
    const workspace = openWorkspace(folder, { readOnly: true });
    process.stdout.write(`${workspace.audits.list().length} audits\n`);
    workspace.close();
  } else {
    const workspace = openWorkspace(folder);
    process.stdout.write('open\n');
    if (action === 'hold') await new Promise((resolve) => process.stdin.once('data', resolve));
    workspace.close();
    process.exit(0);
  }
} catch (error) {
  const { name, code, message } = error as Error & { code?: string };
  process.stdout.write(`${name} ${code}: ${message}\n`);
}
