import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function settingsCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.settings', title: 'Go to: settings', group: 'Everywhere', keys: [] },
      when: () => desk.view !== 'settings',
      run: () => desk.openView('settings'),
    },
  ];
}
