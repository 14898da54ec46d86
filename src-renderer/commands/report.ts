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
      run: () => press('[data-export]'),
    },
    {
      ...{ id: 'report.preview', title: 'Preview or findings', group: 'Report', keys: ['V'] },
      when: () => desk.view === 'report',
      run: () => desk.location.adjust({ show: isPreviewed(desk) ? undefined : 'preview' }),
    },
    {
      ...{ id: 'report.large', title: 'Show the preview large', group: 'Report' },
      ...{ keys: ['Shift+V'], when: () => desk.view === 'report' && isPreviewed(desk) },
      run: () => press('[data-large]'),
    },
    {
      ...{ id: 'report.renew', title: 'Make the preview anew', group: 'Report', keys: [] },
      when: () => desk.view === 'report' && isPreviewed(desk),
      run: () => press('[data-renew]'),
    },
  ];
}

const press = (button: string): void => document.querySelector<HTMLElement>(button)?.click();

const isPreviewed = (desk: Desk): boolean => desk.location.place.options.show === 'preview';
