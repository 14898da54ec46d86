import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function auditCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.new', title: 'Go to: new audit', group: 'Everywhere', keys: [] },
      when: () => desk.view !== 'new',
      run: () => desk.openView('new'),
    },
  ];
}
