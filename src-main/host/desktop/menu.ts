import { Menu } from 'electron';
import type { MenuItem } from '../../api/menu.ts';
import { menuTemplate, type MenuOptions } from './menu-template.ts';

const shapeOf = (items: readonly MenuItem[], recent: readonly string[]): string =>
  JSON.stringify([items.map(({ id, title, chord }) => [id, title, chord]), recent]);

let shape = '';

/** Shows the menus. What can be done now changes often, the menus themselves hardly ever. */
export function showMenu(items: readonly MenuItem[], options: MenuOptions): void {
  const next = shapeOf(items, options.recent);
  const menu = Menu.getApplicationMenu();
  if (next === shape && menu) {
    for (const { id, enabled } of items) {
      const item = menu.getMenuItemById(id);
      if (item) item.enabled = enabled;
    }
    return;
  }
  shape = next;
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(items, options)));
}
