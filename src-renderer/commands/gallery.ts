import { optionsOf } from '../gallery/saved-views.ts';
import { sortingNames, sortings } from '../gallery/order.ts';
import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

const arrows = [
  ['ArrowLeft', 0, -1, 'left'],
  ['ArrowRight', 0, 1, 'right'],
  ['ArrowUp', -1, 0, 'up'],
  ['ArrowDown', 1, 0, 'down'],
] as const;

export function galleryCommands(desk: Desk): Command[] {
  const { gallery } = desk;
  const group = 'Gallery';
  const when = (): boolean => desk.view === 'gallery';
  const moves = arrows.flatMap(([key, down, right, word]): Command[] => [
    {
      ...{ id: `gallery.${word}`, title: `Move ${word}`, group, keys: [key], when },
      run: () => gallery.move(down, right),
    },
    {
      ...{ id: `gallery.extend.${word}`, title: `Select ${word}wards`, group, when },
      keys: [`Shift+${key}`],
      run: () => gallery.move(down, right, true),
    },
  ]);
  return [...moves, ...choosing(desk, when), ...arranging(desk, when), ...savedViews(desk, when)];
}

/** The list of saved views grows and shrinks: who shows commands asks for them anew. */
function savedViews(desk: Desk, when: () => boolean): Command[] {
  const group = 'Gallery';
  return [
    {
      ...{
        id: 'gallery.views',
        title: 'Saved views: open, save, rename',
        group,
        keys: ['V'],
        when,
      },
      run: () => document.querySelector<HTMLElement>('[data-views]')?.click(),
    },
    ...desk.source.views.map((view): Command => ({
      ...{ id: `gallery.view.${view.id}`, title: `Open the view “${view.name}”`, group, keys: [] },
      when: () => true,
      run: () => desk.location.go({ view: 'gallery', sights: [], options: optionsOf(view) }),
    })),
  ];
}

function choosing(desk: Desk, when: () => boolean): Command[] {
  const { gallery } = desk;
  const group = 'Gallery';
  return [
    {
      ...{ id: 'gallery.loupe', title: 'Open in the loupe', group, keys: ['Enter', 'E'] },
      when: () => when() && gallery.primary !== undefined,
      run: () => desk.openLoupe(gallery.primary?.runId),
    },
    {
      ...{ id: 'gallery.select', title: 'Select or unselect', group, keys: ['Space'] },
      when: () => when() && gallery.primary !== undefined,
      run: () => gallery.primary && gallery.toggle(gallery.primary.runId),
    },
    {
      ...{ id: 'gallery.unselect', title: 'Select nothing', group, keys: ['Escape'] },
      when: () => when() && gallery.selected.length > 0,
      run: () => gallery.selection.clear(),
    },
  ];
}

function arranging(desk: Desk, when: () => boolean): Command[] {
  const { gallery, settings } = desk;
  const group = 'Gallery';
  const keys: string[] = [];
  const orders = sortings.map((by) => ({
    ...{ id: `gallery.sort.${by}`, title: `Sort by ${sortingNames[by]}`, group, keys, when },
    run: () =>
      gallery.sort({
        ...gallery.order,
        ...{ by, descending: by === gallery.order.by && !gallery.order.descending },
      }),
  })) satisfies Omit<Command, 'group'>[];
  return [
    {
      ...{ id: 'gallery.search', title: 'Search for a class', group, keys: ['/'], when },
      run: () => document.getElementById('search')?.focus(),
    },
    {
      ...{ id: 'gallery.filter', title: 'Go to the filters', group, keys: ['F'], when },
      run: () => document.querySelector<HTMLElement>('[data-filters] button')?.focus(),
    },
    {
      ...{ id: 'gallery.clear', title: 'Clear search and filters', group, keys: ['Shift+F'] },
      when: () => when() && gallery.isFiltered,
      run: () => gallery.clearFilters(),
    },
    {
      ...{ id: 'gallery.refine', title: 'Refine by figures and columns', group, keys: ['O'] },
      when: () => when() && !gallery.isBlind,
      run: () => document.querySelector<HTMLElement>('[data-refine]')?.click(),
    },
    {
      ...{
        id: 'gallery.natural',
        title: 'Show or hide natural images or rows',
        group,
        keys: ['M'],
      },
      when: () => when() && !gallery.isBlind,
      run: () => gallery.showNatural(!gallery.hasNatural),
    },
    {
      ...{ id: 'gallery.panel', title: 'Show or hide the figures', group, keys: ['I'], when },
      run: () => (settings.panel = !settings.panel),
    },
    ...(['auto', 's', 'm', 'l'] as const).map((density): Command => ({
      ...{ id: `gallery.density.${density}`, group, keys: [], when },
      title: `Tiles: ${{ auto: 'as they fit', s: 'small', m: 'medium', l: 'large' }[density]}`,
      run: () => (settings.density = density),
    })),
    ...orders.map((command): Command => ({ ...command, group })),
  ];
}
