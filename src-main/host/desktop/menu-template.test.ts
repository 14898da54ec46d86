import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import type { MenuItem } from '../../api/menu.ts';
import { acceleratorOf, menuTemplate, type MenuOptions } from './menu-template.ts';
import { namedWorkspace, readOptions } from './options.ts';

const item = (id: string, menu: MenuItem['menu'], chord?: string): MenuItem => ({
  ...{ id, title: `Do ${id} & more`, menu, enabled: true },
  ...(chord !== undefined && { chord }),
});
const opened: string[] = [];
const ran: string[] = [];
const optionsOn = (platform: NodeJS.Platform): MenuOptions => ({
  run: (id) => void ran.push(id),
  openWorkspace: (path) => void opened.push(path),
  ...{ recent: ['/audits/spring'], platform },
});
const labels = (template: MenuItemConstructorOptions[]): unknown[] =>
  template.map(({ label, role }) => label ?? role);
const inside = (entry: MenuItemConstructorOptions): MenuItemConstructorOptions[] =>
  entry.submenu as MenuItemConstructorOptions[];

it('names chords as Electron does, and keeps plain letters out of the menu of a Mac', () => {
  expect(acceleratorOf('Ctrl+K', 'linux')).toBe('CommandOrControl+K');
  expect(acceleratorOf('Ctrl+K', 'darwin')).toBe('CommandOrControl+K');
  expect(acceleratorOf('F1', 'darwin')).toBe('F1');
  expect(acceleratorOf('G', 'win32')).toBe('G');
  expect(acceleratorOf('G', 'darwin')).toBeUndefined();
  expect(acceleratorOf('Shift+ArrowLeft', 'linux')).toBe('Shift+Left');
  expect(acceleratorOf('+', 'linux')).toBe('Plus');
});

it('holds the page’s commands, which hear their keys in the page alone', () => {
  const items = [item('workspace.open', 'File', 'Ctrl+O'), item('about', 'Help')];
  const template = menuTemplate(items, optionsOn('linux'));
  expect(labels(template)).toEqual(['File', 'Review', 'View', 'Help']);
  const [open, recent] = inside(template[0]);
  expect(open).toMatchObject({
    ...{ id: 'workspace.open', label: 'Do workspace.open && more', registerAccelerator: false },
  });
  open.click!(...([] as unknown as Parameters<NonNullable<typeof open.click>>));
  expect(ran).toEqual(['workspace.open']);
  const [spring] = inside(recent);
  expect(spring).toMatchObject({ label: 'spring', sublabel: '/audits/spring' });
  spring.click!(...([] as unknown as Parameters<NonNullable<typeof open.click>>));
  expect(opened).toEqual(['/audits/spring']);
  expect(inside(template[0]).at(-1)).toEqual({ role: 'quit' });
});

it('gives a Mac its own menus', () => {
  const template = menuTemplate([], optionsOn('darwin'));
  expect(labels(template)).toEqual(['appMenu', 'editMenu', 'File', 'Review', 'View', 'Help']);
  expect(inside(template[2]).at(-1)).toEqual({ role: 'close' });
});

it('reads its own arguments among those of Chromium', () => {
  const words = ['electron', '--no-sandbox', '.', '--workspace=audits/spring', '--threads=3'];
  expect(readOptions([...words, '--read-only'], '/home')).toMatchObject({
    ...{ workspace: '/home/audits/spring', threads: 3, readOnly: true, sample: false },
  });
  expect(readOptions([], '/home').workspace).toMatch(/\.eidoscope.sample$/);
  expect(namedWorkspace(['--no-sandbox'], '/home')).toBeUndefined();
});
