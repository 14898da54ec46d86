import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

const always = (): boolean => true;

export function settingsCommands(desk: Desk): Command[] {
  const { machine, settings } = desk;
  const group = 'Settings';
  const entry = (
    id: string,
    title: string,
    run: () => void,
    when: () => boolean = always,
    key?: string,
  ): Command => ({ id, title, group, keys: key === undefined ? [] : [key], when, run });
  return [
    {
      ...entry('view.settings', 'Go to the settings', () => desk.openView('settings')),
      ...{ group: 'Everywhere', keys: ['Ctrl+,'], when: () => desk.view !== 'settings' },
    },
    entry(
      'workspace.open',
      'Open another workspace …',
      () => machine.openWorkspace('open'),
      () => machine.canSwitch,
      'Ctrl+O',
    ),
    entry(
      'workspace.new',
      'New workspace …',
      () => machine.openWorkspace('new'),
      () => machine.canSwitch,
    ),
    ...(['system', 'light', 'dark'] as const).map((theme) =>
      entry(
        `theme.${theme}`,
        `Theme: ${theme === 'system' ? 'as the system' : theme}`,
        () => (settings.theme = theme),
        () => settings.theme !== theme,
      ),
    ),
    entry(
      'tour',
      'Take the tour',
      () => desk.tour.start(),
      () => desk.source.audit !== undefined,
    ),
    entry('about', 'About Eidoscope', () => (desk.overlay = 'about')),
  ];
}
