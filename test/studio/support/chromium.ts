import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

const places = [process.env.EIDOSCOPE_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()];

/** A Chromium of this machine, if it has one. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));
