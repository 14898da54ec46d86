/**
 * Made version-1.db, the database of a workspace of the first format, with rows in every table. Run it again only
 * before that format is released: node src-main/store/golden/make.ts
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DATABASE } from '../database.ts';
import { bytesOf, outcomeOf, planAudit, scratchFolder, similarityOf } from '../support/sample.ts';
import { openWorkspace } from '../workspace.ts';

const scratch = scratchFolder();
const workspace = openWorkspace(scratch.path);
const { auditId, modelId } = planAudit(workspace);
const [finished, stopped] = workspace.runs.claim(auditId, 2);
const losses = { variance: 0, highFrequency: 0 };
workspace.runs.addSnapshot(finished.id, {
  stage: 2,
  step: 64,
  logit: 3,
  losses,
  image: bytesOf(5),
});
workspace.runs.finish(finished.id, outcomeOf(0));
workspace.runs.saveCheckpoint(stopped.id, bytesOf(6));
workspace.runs.cancel(stopped.id, 'Cancelled.');
workspace.scores.save(auditId, modelId, similarityOf(75));
workspace.scores.saveFinding(auditId, 'entanglement', { pairs: [] });
workspace.jobs.queue(auditId);
workspace.reviews.set(auditId, [`${finished.id}`], {
  ...{ state: 'concern', severity: 3, note: 'A ruler.' },
});
workspace.reviews.describe(auditId, {
  ...{ title: 'Rulers', question: 'Does it see rulers?', reviewer: 'R. Reader', blind: true },
});
workspace.savedViews.save(auditId, 'Concerns', 'review=concern');
await workspace.cache.put('means', bytesOf(7));
workspace.close();
fs.copyFileSync(
  `${scratch.path}/${DATABASE}`,
  fileURLToPath(new URL('./version-1.db', import.meta.url)),
);
scratch.remove();
