import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function loupeCommands(desk: Desk): Command[] {
  const { loupe } = desk;
  const group = 'Loupe';
  const when = (): boolean => desk.view === 'loupe';
  const entry = (id: string, title: string, key: string, run: () => void): Command => ({
    ...{ id: `loupe.${id}`, title, group, keys: [key], when, run },
  });
  return [
    entry('previous', 'Previous class', 'ArrowLeft', () => loupe.move(-1, 0)),
    entry('next', 'Next class', 'ArrowRight', () => loupe.move(1, 0)),
    entry('up', 'Same class, column before', 'ArrowUp', () => loupe.move(0, -1)),
    entry('down', 'Same class, column after', 'ArrowDown', () => loupe.move(0, 1)),
    entry('earlier', 'Earlier step of the optimisation', '[', () => void loupe.scrub(-1)),
    entry('later', 'Later step of the optimisation', ']', () => void loupe.scrub(1)),
    entry('zoom', 'Fit, or one pixel to one', 'Z', () => loupe.viewport.fitOrFull()),
    entry('closer', 'Zoom in', '+', () => loupe.viewport.zoomAt(1.5)),
    entry('farther', 'Zoom out', '-', () => loupe.viewport.zoomAt(1 / 1.5)),
    entry('leave', 'Back to the gallery', 'Escape', () => desk.openGallery()),
  ];
}
