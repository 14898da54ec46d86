import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function reportCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.report', title: 'Go to: report', group: 'Everywhere', keys: [] },
      when: () => desk.view !== 'report',
      run: () => desk.openView('report'),
    },
  ];
}
