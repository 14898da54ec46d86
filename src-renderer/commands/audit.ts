import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function auditCommands(desk: Desk): Command[] {
  const group = 'New audit';
  const isHere = (): boolean => desk.view === 'new';
  const { newAudit } = desk;
  return [
    {
      // A browser keeps Ctrl+N for itself.
      ...{ id: 'view.new', title: 'New audit', group: 'Everywhere', keys: ['A', 'Ctrl+N'] },
      when: () => !isHere(),
      run: () => desk.openView('new'),
    },
    {
      ...{ id: 'audit.like', title: 'New audit like this one', group, keys: [] },
      when: () => !isHere() && desk.source.audit !== undefined,
      run: () => {
        const from = String(desk.source.audit?.summary.id);
        desk.location.go({ view: 'new', sights: [], options: { from } });
      },
    },
    {
      ...{ id: 'audit.start', title: 'Start the audit', group, keys: ['Ctrl+Enter'] },
      when: () => isHere() && newAudit.canStart,
      run: () => void newAudit.start(),
    },
    {
      ...{ id: 'audit.stop-estimate', title: 'Stop the estimate', group, keys: [] },
      when: () => isHere() && newAudit.estimating === 'waiting',
      run: () => void newAudit.stopEstimate(),
    },
    {
      ...{ id: 'audit.copy-command', title: 'Copy the command of this audit', group, keys: [] },
      when: () => isHere() && newAudit.pipeline !== undefined,
      run: () => void desk.copy(newAudit.pipeline!.command, 'Command'),
    },
    {
      ...{ id: 'audit.copy-file', title: 'Copy this audit as a YAML file', group, keys: [] },
      when: () => isHere() && newAudit.pipeline !== undefined,
      run: () => void desk.copy(newAudit.pipeline!.yaml, 'File'),
    },
    {
      ...{ id: 'audit.clear', title: 'Clear the new audit', group, keys: [] },
      when: isHere,
      run: () => newAudit.clear(),
    },
  ];
}
