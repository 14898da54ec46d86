import { describe, expect, it } from 'vitest';
import golden from './golden/pillow.json' with { type: 'json' };
import { resample } from './resample.ts';
import { look, resized } from './view.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

describe('resampling', () => {
  for (const { width, height, toWidth, toHeight, from, to } of golden.resizes) {
    const source = { width, height, channels: 3 as const, data: bytes(from) };

    it(`is Pillow's byte for byte from ${width}×${height} to ${toWidth}×${toHeight}`, () => {
      const whole = { left: 0, top: 0, width: toWidth, height: toHeight };
      expect(resample(source, toWidth, toHeight, whole).data).toEqual(bytes(to));
    });

    it(`of a part gives the same pixels from ${width}×${height} to ${toWidth}×${toHeight}`, () => {
      const frame = {
        left: toWidth >> 2,
        top: toHeight >> 1,
        width: Math.ceil(toWidth / 2),
        height: Math.ceil(toHeight / 3),
      };
      const part = resample(source, toWidth, toHeight, frame);
      const reference = bytes(to);
      const rows = Array.from({ length: frame.height }, (_, y) => {
        const start = ((frame.top + y) * toWidth + frame.left) * 3;
        return [...reference.subarray(start, start + frame.width * 3)];
      });
      expect([...part.data]).toEqual(rows.flat());
    });
  }

  it('stretches a single pixel over the whole output', () => {
    const pixel = { width: 1, height: 1, channels: 3 as const, data: Uint8Array.of(7, 8, 9) };
    const out = resample(pixel, 4, 4, { left: 1, top: 0, width: 2, height: 2 });
    expect([...out.data]).toEqual([7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9]);
  });
});

describe('what a classifier sees of a photograph', () => {
  for (const { width, height, resize, size, mode, from, to } of golden.views) {
    it(`is torchvision's for ${mode} ${width}×${height}, shorter side ${resize}, crop ${size}`, () => {
      const rgb = bytes(from);
      const channels = mode === 'L' ? 1 : 3;
      const data = channels === 3 ? rgb : luma(rgb);
      const seen = look(
        { width, height, channels, data },
        { channels, resize, height: size[0], width: size[1] },
      );
      expect(Array.from(seen, (value) => value * 255).map(Math.round)).toEqual([...bytes(to)]);
    });
  }

  it('has a longer side that is truncated, not rounded', () => {
    expect(resized({ width: 300, height: 199 }, 256)).toEqual({ width: 385, height: 256 });
    expect(resized({ width: 199, height: 300 }, 256)).toEqual({ width: 256, height: 385 });
  });
});

/** The fixed-point luma of Pillow's documentation: L = R · 299/1000 + G · 587/1000 + B · 114/1000, in 16 bits. */
function luma(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) =>
    Math.floor(
      (rgb[3 * i] * 19595 + rgb[3 * i + 1] * 38470 + rgb[3 * i + 2] * 7471 + 32768) / 65536,
    ),
  );
}
