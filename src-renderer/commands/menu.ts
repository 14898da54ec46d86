import type { MenuItem, MenuName } from '../../src-main/api/menu.ts';
import type { Command, Group } from './command.ts';

/** Which menu a group of commands has its place in; keys that move about have none. */
const ofGroup: Partial<Record<Group, MenuName>> = {
  Library: 'File',
  'New audit': 'File',
  Report: 'File',
  Review: 'Review',
};

/** Commands whose place is another one than their group's. */
const ofCommand: Readonly<Record<string, MenuName>> = {
  'workspace.open': 'File',
  'workspace.new': 'File',
  'view.new': 'File',
  'view.settings': 'File',
  pin: 'View',
  theme: 'View',
  palette: 'View',
  help: 'Help',
  shortcuts: 'Help',
  tour: 'Help',
  about: 'Help',
};

function menuOf({ id, group }: Command): MenuName | undefined {
  return ofCommand[id] ?? (id.startsWith('view.') ? 'View' : ofGroup[group]);
}

/** The page's commands as a window's menu shows them: the same list, in the same order. */
export const menuItems = (commands: readonly Command[]): MenuItem[] =>
  commands.flatMap((command) => {
    const menu = menuOf(command);
    const { id, title, keys } = command;
    const chord = keys.length > 0 ? { chord: keys[0] } : {};
    return menu ? [{ id, title, menu, ...chord, enabled: command.when() }] : [];
  });
