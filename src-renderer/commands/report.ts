import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function reportCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.report', title: 'Go to the report', group: 'Everywhere', keys: ['Shift+R'] },
      when: () => desk.view !== 'report',
      run: () => desk.openView('report'),
    },
    {
      ...{ id: 'report.write', title: 'Write the report', group: 'Report', keys: ['W'] },
      when: () => desk.view === 'report',
      run: () => document.querySelector<HTMLElement>('[data-export]')?.click(),
    },
  ];
}
