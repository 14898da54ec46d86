import { z } from 'zod';

/** Menus of a desktop window, in their order. */
export const menuNames = ['File', 'Review', 'View', 'Help'] as const;

/** A command of the page as a window's menu shows it. */
const menuItemSchema = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  menu: z.enum(menuNames),
  /** Chord, as the page's list of commands writes it: `Ctrl+K`. */
  chord: z.string().max(40).optional(),
  enabled: z.boolean(),
});

export const menuSchema = z.array(menuItemSchema).max(300);

export type MenuName = (typeof menuNames)[number];
export type MenuItem = z.output<typeof menuItemSchema>;
