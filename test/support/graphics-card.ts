import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Says that there is a real graphics card. */
export const isRealCard = process.env.EIDOSCOPE_WEBGPU !== undefined;

/** The graphics card in software of Debian's chromium. */
const SOFTWARE = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Lets WebGPU find a graphics card, one in software where there is no real one. @returns whether there is any */
export function findCard(): boolean {
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  if (isRealCard) return true;
  if (!existsSync(SOFTWARE)) return false;
  process.env.VK_ICD_FILENAMES = SOFTWARE;
  return true;
}
