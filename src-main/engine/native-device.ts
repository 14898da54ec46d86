import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A graphics card, as far as the system tells. */
export interface GraphicsCard {
  readonly name: string;
  /** Memory of its own, in MB; absent where the system does not tell, or where it shares the processor's. */
  readonly memoryMB?: number;
}

/** What is asked; tests answer in its place. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Folder in which Linux lists graphics cards. */
  readonly cards: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a program writes. @throws when there is no such program, or it fails */
  readonly run: (program: string, ...args: string[]) => Promise<string>;
}

/** A driver that hangs must not hang Eidoscope, in milliseconds. */
const PATIENCE_MS = 4000;

const execute = promisify(execFile);

const thisSystem: System = {
  platform: process.platform,
  cards: '/sys/class/drm',
  environment: process.env,
  run: async (program, ...args) => {
    const options = { timeout: PATIENCE_MS, windowsHide: true } as const;
    return (await execute(program, args, options)).stdout;
  },
};

/** The graphics cards of this machine, those of NVIDIA first. What the system does not tell is not listed. */
export async function graphicsCards(system = thisSystem): Promise<GraphicsCard[]> {
  const nvidia = await nvidiaCards(system);
  const others = system.platform === 'darwin' ? await macCards(system) : linuxCards(system);
  const isListed = (vendor: string) => vendor === NVIDIA && nvidia.length > 0;
  return [...nvidia, ...others.filter(({ vendor }) => !isListed(vendor)).map(({ card }) => card)];
}

/** `NVIDIA H100 80GB HBM3, 81559` */
async function nvidiaCards({ run }: System): Promise<GraphicsCard[]> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  const text = await run('nvidia-smi', ...query).catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [, name, memory] = /^(.+), *(\d+|\[.*\])$/.exec(line.trim()) ?? [];
    if (name === undefined) return [];
    return [{ name, ...(/^\d+$/.test(memory) && { memoryMB: Number(memory) }) }];
  });
}

interface Found {
  /** PCI number, such as `0x1002`. */
  readonly vendor: string;
  readonly card: GraphicsCard;
}

const NVIDIA = '0x10de';
const VENDORS: Readonly<Record<string, string>> = {
  [NVIDIA]: 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x1af4': 'virtual',
};

/** https://docs.kernel.org/gpu/amdgpu/driver-misc.html has the files of AMD's driver; vendor and device all have. */
function linuxCards({ cards }: System): Found[] {
  return names(cards)
    .filter((name) => /^card\d+$/.test(name))
    .flatMap((name) => {
      const say = (file: string) => text(join(cards, name, 'device', file));
      const [vendor, device] = [say('vendor'), say('device')];
      if (vendor === undefined) return [];
      const maker = VENDORS[vendor] ?? vendor;
      const bytes = Number(say('mem_info_vram_total') ?? NaN);
      const memory = bytes > 0 ? { memoryMB: Math.round(bytes / 2 ** 20) } : {};
      const called = say('product_name') ?? `${maker} graphics card ${device ?? ''}`.trim();
      return [{ vendor, card: { name: called, ...memory } }];
    });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

const displaysSchema = z.object({
  SPDisplaysDataType: z.array(
    z.object({ sppci_model: z.string(), spdisplays_vram: z.string().optional() }),
  ),
});

/** A Mac's own list; Apple's chips share the processor's memory, and tell none. */
async function macCards({ run }: System): Promise<Found[]> {
  try {
    const said = JSON.parse(await run('system_profiler', 'SPDisplaysDataType', '-json')) as unknown;
    return displaysSchema.parse(said).SPDisplaysDataType.map((display) => {
      const [, size, unit] = /^(\d+) ([GM])B$/.exec(display.spdisplays_vram ?? '') ?? [];
      const memory = size ? { memoryMB: Number(size) * (unit === 'G' ? 1024 : 1) } : {};
      return { vendor: '', card: { name: display.sppci_model, ...memory } };
    });
  } catch {
    return [];
  }
}

/** Cards of NVIDIA by name; those for servers and workstations were long sold without the maker's. */
const NVIDIAS = /nvidia|tesla|geforce|quadro/i;

/**
 * The card that computes, as far as it can be known: the runtimes do not tell which one they have chosen.
 * @param by what chose it, such as `webgpu`; CUDA, and TensorFlow through it, take none but NVIDIA's
 */
export async function computingCard(by: string, system = thisSystem): Promise<GraphicsCard> {
  const software = system.environment.VK_ICD_FILENAMES?.includes('swiftshader') ?? false;
  if (by === 'webgpu' && software) return { name: 'SwiftShader, a graphics card in software' };
  const all = await graphicsCards(system);
  const cards = ['cuda', 'tensorflow'].includes(by)
    ? all.filter(({ name }) => NVIDIAS.test(name))
    : all;
  if (cards.length === 0) return { name: `graphics card chosen by ${by}, of unknown name` };
  if (cards.length === 1) return cards[0];
  const memories = cards.map(({ memoryMB }) => memoryMB);
  const known = memories.filter((memory) => memory !== undefined);
  // Of several cards the smallest decides what fits, whichever computes.
  const least = known.length === cards.length ? { memoryMB: Math.min(...known) } : {};
  return { name: `one of ${cards.map(({ name }) => name).join(', ')}`, ...least };
}

/** `NVIDIA H100 80GB HBM3 (81,559 MB)`. */
export const cardInWords = ({ name, memoryMB }: GraphicsCard): string =>
  memoryMB === undefined
    ? `${name} (memory unknown)`
    : `${name} (${memoryMB.toLocaleString('en')} MB)`;
