import { afterAll, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { planAudit, scratchFolder } from '../store/support/sample.ts';
import { openWorkspace } from '../store/workspace.ts';
import { resumeAudit } from './audit.ts';
import { AuditError } from './errors.ts';

const scratch = scratchFolder();
const workspace = openWorkspace(scratch.path);
afterAll(() => {
  workspace.close();
  scratch.remove();
});

it('says what to do with an audit that does not tell how it was asked for', async () => {
  const { auditId } = planAudit(workspace);
  const resumed = resumeAudit(auditId, { workspace, engine: {} as Engine });
  await expect(resumed).rejects.toThrow(
    new AuditError(
      `The workspace does not say how audit ${auditId} was asked for, so it cannot go on: audit anew.`,
    ),
  );
});
