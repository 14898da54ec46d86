import type { WorkspaceReader } from '../store/workspace.ts';
import type { EntanglementFinding, TransferFinding } from './relations.ts';

export interface Related {
  readonly entanglement: readonly EntanglementFinding[];
  readonly transfer: readonly TransferFinding[];
}

/** What `relate` kept of an audit in a workspace; empty where it has not got so far. */
export function relatedIn(workspace: WorkspaceReader, auditId: number): Related {
  const finding = <Topic extends keyof Related>(topic: Topic): Related[Topic] =>
    (workspace.scores.finding(auditId, topic) as Related[Topic] | undefined) ?? [];
  return { entanglement: finding('entanglement'), transfer: finding('transfer') };
}
