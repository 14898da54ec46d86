import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function jobsCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.jobs', title: 'Go to: jobs', group: 'Everywhere', keys: [] },
      when: () => desk.view !== 'jobs',
      run: () => desk.openView('jobs'),
    },
  ];
}
