import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cardInWords, computingCard, graphicsCards, type System } from './native-device.ts';

const folder = mkdtempSync(join(tmpdir(), 'eidoscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine with these programs, and no other. */
const system = (programs: Record<string, string> = {}, more: Partial<System> = {}): System => ({
  platform: 'linux',
  cards: join(folder, 'none'),
  environment: {},
  run: (program) =>
    program in programs
      ? Promise.resolve(programs[program])
      : Promise.reject(new Error('no such program')),
  ...more,
});

/** Lays out cards as the kernel does. */
function drm(name: string, cards: Record<string, Record<string, string>>): string {
  for (const [card, files] of Object.entries(cards)) {
    const place = join(folder, name, card, 'device');
    mkdirSync(place, { recursive: true });
    for (const [file, said] of Object.entries(files)) writeFileSync(join(place, file), `${said}\n`);
  }
  return join(folder, name);
}

describe('the graphics cards of a machine', () => {
  it('are those that NVIDIA’s driver lists, with their memory', async () => {
    const said = 'NVIDIA H100 80GB HBM3, 81559\nTesla T4, 15360\nNVIDIA GB10, [N/A]\n';
    expect(await graphicsCards(system({ 'nvidia-smi': said }))).toEqual([
      { name: 'NVIDIA H100 80GB HBM3', memoryMB: 81559 },
      { name: 'Tesla T4', memoryMB: 15360 },
      { name: 'NVIDIA GB10' },
    ]);
  });

  it('are those that the kernel lists besides, each once', async () => {
    const cards = drm('three', {
      card0: { vendor: '0x1002', device: '0x73bf', mem_info_vram_total: `${16 * 2 ** 30}` },
      'card0-HDMI-A-1': { vendor: '0x1002' },
      card1: { vendor: '0x8086', device: '0x9a49' },
      card2: { vendor: '0x10de', device: '0x2330' },
    });
    const both = system({ 'nvidia-smi': 'NVIDIA H100, 81559\n' }, { cards });
    expect(await graphicsCards(both)).toEqual([
      { name: 'NVIDIA H100', memoryMB: 81559 },
      { name: 'AMD graphics card 0x73bf', memoryMB: 16384 },
      { name: 'Intel graphics card 0x9a49' },
    ]);
    const names = (await graphicsCards(system({}, { cards }))).map(({ name }) => name);
    expect(names).toContain('NVIDIA graphics card 0x2330');
  });

  it('are those that a Mac lists; one that shares its memory has none of its own', async () => {
    const said = JSON.stringify({
      SPDisplaysDataType: [
        { sppci_model: 'Apple M3' },
        { sppci_model: 'AMD Radeon Pro 5500M', spdisplays_vram: '8 GB' },
      ],
    });
    expect(await graphicsCards(system({ system_profiler: said }, { platform: 'darwin' }))).toEqual([
      { name: 'Apple M3' },
      { name: 'AMD Radeon Pro 5500M', memoryMB: 8192 },
    ]);
  });

  it.each(['', 'NVIDIA-SMI has failed\n', 'not a list'])(
    'are none where nothing tells: %j',
    async (said) => {
      expect(await graphicsCards(system({ 'nvidia-smi': said }))).toEqual([]);
      const mac = system({ system_profiler: said }, { platform: 'darwin' });
      expect(await graphicsCards(mac)).toEqual([]);
    },
  );
});

describe('the card that computes', () => {
  it('is named with its memory where there is one', async () => {
    const card = await computingCard('webgpu', system({ 'nvidia-smi': 'NVIDIA H100, 81559' }));
    expect(cardInWords(card)).toBe('NVIDIA H100 (81,559 MB)');
  });

  it('is one of several, of which the smallest decides', async () => {
    const said = 'NVIDIA A, 8192\nNVIDIA B, 4096\n';
    const card = await computingCard('cuda', system({ 'nvidia-smi': said }));
    expect(card).toEqual({ name: 'one of NVIDIA A, NVIDIA B', memoryMB: 4096 });
  });

  it('is one of NVIDIA’s where TensorFlow computes, whatever else there is', async () => {
    const cards = drm('two', { card0: { vendor: '0x8086', device: '0x9a49' } });
    const both = system({ 'nvidia-smi': 'Tesla T4, 15360' }, { cards });
    expect(await computingCard('tensorflow', both)).toEqual({ name: 'Tesla T4', memoryMB: 15360 });
    expect((await computingCard('webgpu', both)).name).toBe(
      'one of Tesla T4, Intel graphics card 0x9a49',
    );
  });

  it('is unknown where nothing tells', async () => {
    expect(cardInWords(await computingCard('dml', system()))).toBe(
      'graphics card chosen by dml, of unknown name (memory unknown)',
    );
  });

  it('is a program where Vulkan is told to use one', async () => {
    const environment = { VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' };
    const card = await computingCard('webgpu', system({}, { environment }));
    expect(card).toEqual({ name: 'SwiftShader, a graphics card in software' });
  });
});
