import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';
import { auditCommands } from './audit.ts';
import { compareCommands } from './compare.ts';
import { galleryCommands } from './gallery.ts';
import { jobsCommands } from './jobs.ts';
import { libraryCommands } from './library.ts';
import { loupeCommands } from './loupe.ts';
import { reportCommands } from './report.ts';
import { reviewCommands } from './review.ts';
import { settingsCommands } from './settings.ts';

/** Everything that can be done, from one list. Where two share a key, the first that can be done now has it. */
export const commandsOf = (desk: Desk): readonly Command[] => [
  ...everywhere(desk),
  ...reviewCommands(desk),
  ...galleryCommands(desk),
  ...loupeCommands(desk),
  ...compareCommands(desk),
  ...libraryCommands(desk),
  ...auditCommands(desk),
  ...jobsCommands(desk),
  ...reportCommands(desk),
  ...settingsCommands(desk),
];

function everywhere(desk: Desk): Command[] {
  const group = 'Everywhere';
  const always = (): boolean => true;
  const views: Command[] = [
    {
      ...{ id: 'view.gallery', title: 'Go to the gallery', group, keys: ['G'] },
      when: always,
      run: () => desk.openGallery(),
    },
    {
      ...{ id: 'view.compare', title: 'Compare', group, keys: ['C'] },
      when: () => desk.view !== 'compare' && desk.toCompare.length > 0,
      run: () => desk.openCompare(),
    },
    {
      ...{ id: 'view.similarity', title: 'Go to path similarity', group, keys: ['S'] },
      when: () => desk.view !== 'similarity',
      run: () => desk.openSimilarity(),
    },
    {
      ...{ id: 'pin', title: 'Pin or unpin as the reference', group, keys: ['B'] },
      when: () => desk.current !== undefined,
      run: () => desk.pin(),
    },
  ];
  const overlays: Command[] = [
    {
      ...{ id: 'palette', title: 'Find a command', group, keys: ['Ctrl+K'] },
      when: always,
      run: () => (desk.overlay = 'palette'),
    },
    {
      ...{ id: 'shortcuts', title: 'Show all shortcuts', group, keys: ['?'] },
      when: always,
      run: () => (desk.overlay = 'shortcuts'),
    },
    {
      ...{ id: 'help', title: 'Explain the figures', group, keys: ['F1'] },
      when: always,
      run: () => (desk.overlay = 'help'),
    },
    {
      ...{ id: 'theme', title: 'Change the theme', group, keys: ['T'] },
      when: always,
      run: () => desk.settings.nextTheme(),
    },
  ];
  return [...views, ...overlays];
}
