import { expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { openOnnxRuntime } from './onnxruntime.ts';
import { convolved, precisionOf, precisionOfResult } from './precision.ts';

/** A number with so many bits behind the leading one, rounded to the nearest. */
const rounding = (bits: number) => (value: number) => {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits);
  return unit * Math.round(value / unit);
};

it('calls single precision what rounds its factors to 23 bits, and reduced what leaves 10 or 7', () => {
  const found = [23, 16, 10, 7].map((bits) =>
    precisionOfResult(Float32Array.from(convolved(rounding(bits)))),
  );
  expect(found).toEqual(['float32', 'float32', 'reduced', 'reduced']);
});

it('finds single precision on the processor', async () => {
  const engine = await openOnnxRuntime({ threads: 1 });
  expect(await precisionOf(engine)).toBe('float32');
  expect(engine.info.precision).toBe('float32');
  await engine.close();
});

it('finds what an engine does that rounds to half precision, and frees its graph', async () => {
  let released = 0;
  const info = { id: 'e', provider: 'p', device: 'd', version: '1', threads: 0 } as const;
  const half: Engine = {
    info: { ...info, deterministic: false, precision: 'reduced' },
    compile: () =>
      Promise.resolve({
        compileMs: 0,
        run: () => Promise.resolve({ y: Float32Array.from(convolved(rounding(10))) }),
        release: () => {
          released++;
          return Promise.resolve();
        },
      }),
    close: () => Promise.resolve(),
  };
  expect(await precisionOf(half)).toBe('reduced');
  expect(released).toBe(1);
});
