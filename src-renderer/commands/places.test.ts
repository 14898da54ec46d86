import { expect, it } from 'vitest';
import type { Command } from './command.ts';
import { menuItems } from './menu.ts';
import { recentFirst } from './places.ts';

const command = (
  id: string,
  group: Command['group'] = 'Everywhere',
  keys: string[] = [],
): Command => ({
  ...{ id, title: id, group, keys },
  when: () => id !== 'view.no',
  run: () => undefined,
});

it('puts what was chosen last first, and leaves out what is no longer there', () => {
  const list = ['a', 'b', 'c', 'd'].map((id) => command(id));
  const order = recentFirst(list, ['c', 'gone', 'a']).map(({ id }) => id);
  expect(order).toEqual(['c', 'a', 'b', 'd']);
});

it('gives each command one place in the menu, and none to keys that move about', () => {
  const items = menuItems([
    command('view.no', 'Everywhere', ['G']),
    command('gallery.left', 'Gallery', ['ArrowLeft']),
    command('review.concern', 'Review', ['P']),
    command('about', 'Settings'),
    command('workspace.open', 'Settings', ['Ctrl+O']),
  ]);
  expect(items).toEqual([
    { id: 'view.no', title: 'view.no', menu: 'View', chord: 'G', enabled: false },
    { id: 'review.concern', title: 'review.concern', menu: 'Review', chord: 'P', enabled: true },
    { id: 'about', title: 'about', menu: 'Help', enabled: true },
    { id: 'workspace.open', title: 'workspace.open', menu: 'File', chord: 'Ctrl+O', enabled: true },
  ]);
});
