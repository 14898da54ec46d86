import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function libraryCommands(desk: Desk): Command[] {
  return [
    {
      ...{ id: 'view.library', title: 'Go to: library', group: 'Everywhere', keys: [] },
      when: () => desk.view !== 'library',
      run: () => desk.openView('library'),
    },
  ];
}
