import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function reviewCommands(desk: Desk): Command[] {
  const { review } = desk;
  const group = 'Review';
  const when = (): boolean => desk.toMark.length > 0;
  const looking = (): boolean => ['gallery', 'loupe', 'report'].includes(desk.view);
  const marking = (id: string, title: string, key: string, change: object): Command => ({
    ...{ id: `review.${id}`, title, group, keys: [key], when },
    run: () => {
      const subjects = desk.toMark;
      const several = `${title}: ${subjects.length} prototypes`;
      void review.change(subjects, change, subjects.length > 1 ? several : title);
    },
  });
  const severities = [0, 1, 2, 3, 4, 5].map((severity) =>
    marking(`severity.${severity}`, `Severity ${severity}`, `${severity}`, { severity }),
  );
  return [
    marking('concern', 'Concern', 'P', { state: 'concern' }),
    marking('cleared', 'Cleared', 'X', { state: 'cleared' }),
    marking('unflag', 'Unflag', 'U', { state: 'unreviewed', severity: null }),
    ...severities,
    {
      ...{ id: 'review.note', title: 'Write a note', group, keys: ['N'], when },
      run: () => document.querySelector<HTMLElement>('[data-note]')?.focus(),
    },
    {
      ...{ id: 'review.next', title: 'Next unreviewed', group, keys: ['J'] },
      when: looking,
      run: () => desk.toUnreviewed(1),
    },
    {
      ...{ id: 'review.previous', title: 'Previous unreviewed', group, keys: ['K'] },
      when: looking,
      run: () => desk.toUnreviewed(-1),
    },
    {
      ...{ id: 'review.blind', title: 'Blind review: hide names', group, keys: ['H'] },
      when: () => desk.source.audit !== undefined && !desk.blind.on,
      run: () => void review.hideNames(true),
    },
    // Without a key: one that is hit by chance must not show every name.
    {
      ...{ id: 'review.named', title: 'End the blind review: show all names', group, keys: [] },
      when: () => desk.blind.on,
      run: () => void review.hideNames(false),
    },
    {
      ...{ id: 'review.reveal', title: 'Show names before reading', group, keys: ['Shift+H'] },
      when: () => desk.toMark.some((subject) => subject.some((name) => desk.blind.hides(name))),
      run: () => void review.reveal(desk.toMark),
    },
    {
      ...{ id: 'review.undo', title: 'Undo the last mark', group, keys: ['Ctrl+Z'] },
      when: () => review.canUndo,
      run: () => void review.undo(),
    },
  ];
}
