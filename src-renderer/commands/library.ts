import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function libraryCommands(desk: Desk): Command[] {
  const { library } = desk;
  const group = 'Library';
  const when = (): boolean => !library.isReadOnly;
  return [
    {
      ...{ id: 'view.library', title: 'Go to the library', group: 'Everywhere', keys: ['L'] },
      when: () => desk.view !== 'library',
      run: () => desk.openView('library'),
    },
    {
      ...{ id: 'library.model', title: 'Import a model', group, keys: ['Shift+I'], when },
      run: () => void library.importModel(),
    },
    {
      ...{
        id: 'library.photographs',
        title: 'Add photographs or rows',
        group,
        keys: ['Shift+P'],
        when,
      },
      run: () => void library.addPhotographs(),
    },
  ];
}
