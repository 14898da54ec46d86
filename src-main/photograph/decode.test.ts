import { describe, expect, it } from 'vitest';
import golden from './golden/pillow.json' with { type: 'json' };
import { decode, inspect } from './decode.ts';
import { PhotographError } from './errors.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

describe('decoding', () => {
  for (const { name, file, width, height, rgb } of golden.files) {
    it(`gives Pillow's RGB samples for ${name}`, async () => {
      const raster = await decode(bytes(file), name, 3);
      expect([raster.width, raster.height]).toEqual([width, height]);
      expect([...raster.data]).toEqual([...bytes(rgb)]);
    });
  }

  it("gives Pillow's luma where one channel is wanted", async () => {
    const colour = golden.files.find((file) => file.name === 'a lossless WebP')!;
    const raster = await decode(bytes(colour.file), 'a', 1);
    expect([...raster.data]).toEqual([...bytes(golden.grey.to)]);
  });

  it.each(golden.orientations.map((o, i) => [i + 1, o] as const))(
    'turns a photograph of EXIF orientation %i the right way up',
    async (_, { file, size, rgb }) => {
      const raster = await decode(bytes(file), 'turned', 3);
      expect([raster.width, raster.height]).toEqual(size);
      expect([...raster.data]).toEqual([...bytes(rgb)]);
    },
  );

  it('reads CMYK as a colour near the one that was printed', async () => {
    const raster = await decode(bytes(golden.cmyk), 'print', 3);
    expect(raster.data).toHaveLength(8 * 8 * 3);
    const [red, green, blue] = raster.data;
    expect(red).toBeGreaterThan(blue);
    expect(blue).toBeGreaterThan(green);
  });

  it('refuses a file that is no image, in one sentence', async () => {
    await expect(decode(Buffer.from('just text'), 'notes.jpg', 3)).rejects.toThrow(
      /^notes\.jpg cannot be read as a photograph: .*\.$/,
    );
  });

  it('refuses a drawing', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(decode(svg, 'a.svg', 3)).rejects.toThrow('it is SVG, not a photograph');
  });

  it('says of HEIC what it is and what to do', async () => {
    const box = Buffer.from('0000001866747970686569630000000068656963', 'hex');
    for (const open of [decode(box, 'a.heic', 3), inspect(box, 'a.heic')]) {
      await expect(open).rejects.toThrow(
        'a.heic cannot be read as a photograph: it is HEIC, which cannot be decoded here; save it as JPEG.',
      );
    }
  });

  it('refuses a truncated file', async () => {
    const file = bytes(golden.files[0].file);
    await expect(decode(file.subarray(0, file.length - 200), 'half.jpg', 3)).rejects.toThrow(
      /^half\.jpg cannot be read as a photograph/,
    );
  });

  it('survives damaged files: pixels or one sentence, nothing else', async () => {
    for (const { name, file } of golden.files) {
      for (let round = 0; round < 25; round++) {
        const damaged = bytes(file);
        for (let hit = 0; hit <= round % 4; hit++) {
          const at = (round * 7919 + hit * 104729) % damaged.length;
          damaged[at] = (damaged[at] + 1 + round * 37) & 255;
        }
        const result = await decode(damaged, name, 3, 1e6).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(PhotographError);
        else expect(result).toHaveProperty('data');
      }
    }
  });

  it('refuses a bomb before it unfolds', async () => {
    await expect(decode(bytes(golden.files[0].file), 'bomb.jpg', 3, 100)).rejects.toThrow(
      'million pixels',
    );
  });
});
