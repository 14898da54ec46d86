import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function compareCommands(desk: Desk): Command[] {
  const { compare } = desk;
  const group = 'Compare';
  const when = (): boolean => desk.view === 'compare';
  const two = (): boolean => when() && compare.sights.length > 1;
  const entry = (
    id: string,
    title: string,
    keys: string[],
    run: () => void,
    possible = two,
  ): Command => ({ ...{ id: `compare.${id}`, title, group, keys, run }, when: possible });
  return [
    entry('previous', 'Previous picture', ['ArrowLeft', 'ArrowUp'], () => compare.step(-1)),
    entry('next', 'Next picture', ['ArrowRight', 'ArrowDown'], () => compare.step(1)),
    entry('side', 'Side by side', ['V'], () => compare.toggle('side')),
    entry('swipe', 'Swipe', ['W'], () => compare.toggle('swipe')),
    entry('blink', 'Blink', ['Y'], () => compare.blink()),
    entry('difference', 'Signed difference', ['D'], () => compare.toggle('difference')),
    entry('lead', 'Compare the others with this one', ['R'], () => compare.lead()),
    entry('zoom', 'Fit, or one pixel to one', ['Z'], () => compare.viewport.fitOrFull(), when),
    entry('closer', 'Zoom in', ['+'], () => compare.viewport.zoomAt(1.5), when),
    entry('farther', 'Zoom out', ['-'], () => compare.viewport.zoomAt(1 / 1.5), when),
    entry('earlier', 'Earlier step of the optimisation', ['['], () => void desk.scrub(-1), when),
    entry('later', 'Later step of the optimisation', [']'], () => void desk.scrub(1), when),
    entry(
      'exemplar',
      'Set a natural image or row beside it',
      ['A'],
      () => void desk.addExemplar(),
      () => (when() || desk.view === 'loupe') && desk.classOf(desk.current) !== undefined,
    ),
    entry('step', 'Set an earlier step beside it', ['Shift+A'], () => void desk.addStep(), when),
    entry('remove', 'Take out of the comparison', ['Delete'], () => compare.remove(compare.active)),
    entry(
      'loupe',
      'Open in the loupe',
      ['Enter', 'E'],
      () => desk.openLoupe(compare.sight?.runId),
      when,
    ),
    entry('leave', 'Back to the gallery', ['Escape'], () => desk.openGallery(), when),
  ];
}
