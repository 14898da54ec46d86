import type { MenuItemConstructorOptions } from 'electron';
import { menuNames, type MenuItem, type MenuName } from '../../api/menu.ts';
import { nameOf } from './remembered.ts';

export interface MenuOptions {
  /** Runs a command of the page. */
  run(id: string): void;
  openWorkspace(path: string): void;
  readonly recent: readonly string[];
  readonly platform: NodeJS.Platform;
}

const words: Readonly<Record<string, string>> = {
  ...{ ArrowLeft: 'Left', ArrowRight: 'Right', ArrowUp: 'Up', ArrowDown: 'Down' },
  ...{ Escape: 'Esc', '+': 'Plus' },
};

/**
 * Electron's name of a chord. On macOS a menu takes a key before the page does, so that a plain letter could no longer
 * be typed: there only chords with Command, and function keys, stand in the menu.
 */
export function acceleratorOf(chord: string, platform: NodeJS.Platform): string | undefined {
  const keys = chord === '+' ? ['+'] : chord.split('+');
  const isPlain = keys[0] !== 'Ctrl' && !/^F\d+$/.test(keys[0]);
  if (isPlain && platform === 'darwin') return undefined;
  return keys.map((key) => (key === 'Ctrl' ? 'CommandOrControl' : (words[key] ?? key))).join('+');
}

/** The page hears its keys itself: the menu only shows them, or each would act twice. */
function itemOf({ id, title, chord, enabled }: MenuItem, options: MenuOptions) {
  const accelerator = chord === undefined ? undefined : acceleratorOf(chord, options.platform);
  return {
    ...{ id, label: title.replaceAll('&', '&&'), enabled },
    ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
    click: () => options.run(id),
  } satisfies MenuItemConstructorOptions;
}

const line: MenuItemConstructorOptions = { type: 'separator' };

/** What the window adds to a menu of the page's commands. */
function ownItems(menu: MenuName, options: MenuOptions): MenuItemConstructorOptions[] {
  if (menu === 'View') {
    const roles = ['reload', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;
    return [line, ...roles.map((role) => ({ role }))];
  }
  if (menu !== 'File') return [];
  const recent = options.recent.map((path) => ({
    ...{ label: nameOf(path).replaceAll('&', '&&'), sublabel: path, toolTip: path },
    click: () => options.openWorkspace(path),
  }));
  const close = { role: options.platform === 'darwin' ? 'close' : 'quit' } as const;
  const past = { label: 'Recent workspaces', enabled: recent.length > 0, submenu: recent };
  return [past, line, close];
}

/** A field of text takes Command+C and the like from the menu there. */
const ofMac: MenuItemConstructorOptions[] = [{ role: 'appMenu' }, { role: 'editMenu' }];

/** The menus of the window: the page's commands, and what only a window can do. */
export function menuTemplate(
  items: readonly MenuItem[],
  options: MenuOptions,
): MenuItemConstructorOptions[] {
  const menus = menuNames.map((menu) => ({
    label: menu,
    submenu: [
      ...items.filter((item) => item.menu === menu).map((item) => itemOf(item, options)),
      ...ownItems(menu, options),
    ],
  }));
  return options.platform === 'darwin' ? [...ofMac, ...menus] : menus;
}
