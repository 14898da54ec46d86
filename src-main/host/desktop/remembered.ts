import { basename, join } from 'node:path';
import { z } from 'zod';
import { configFolder, KeptFile } from '../../studio/kept-file.ts';

/** Workspaces that the menu offers again. */
const MOST_RECENT = 10;

const placeSchema = z.strictObject({
  ...{ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) },
  maximised: z.boolean(),
  /** Chromium's zoom level: 0 is 100 %, each step a fifth. */
  zoom: z.number().min(-8).max(9),
});

const schema = z.strictObject({
  /** Paths, the last one first. */
  recent: z.array(z.string()).default([]),
  window: placeSchema.optional(),
});

/** Where the window was when it was closed, in pixels of the desktop. */
export type WindowPlace = z.output<typeof placeSchema>;

const file = (): KeptFile<z.output<typeof schema>> =>
  new KeptFile(join(configFolder(), 'window.json'), schema, { recent: [] });

/** Nobody is stopped by a window that cannot be remembered. */
function keep(change: Partial<z.output<typeof schema>>): void {
  try {
    file().write({ ...file().read().value, ...change });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
  }
}

export const recentWorkspaces = (): string[] => file().read().value.recent;

export const rememberWorkspace = (path: string): void =>
  keep({
    recent: [path, ...recentWorkspaces().filter((one) => one !== path)].slice(0, MOST_RECENT),
  });

export const rememberedWindow = (): WindowPlace | undefined => file().read().value.window;

export const rememberWindow = (window: WindowPlace): void => keep({ window });

export const nameOf = (path: string): string => basename(path) || path;
