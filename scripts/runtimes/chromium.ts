import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** A Chromium of this machine, if it has one. */
export const findChromium = (): string | undefined =>
  [process.env.EIDOSCOPE_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  );
