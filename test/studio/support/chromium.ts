import { findChromium } from '../../../scripts/runtimes/chromium.ts';

/** A Chromium of this machine, if it has one. */
export const chromiumPath = findChromium();
