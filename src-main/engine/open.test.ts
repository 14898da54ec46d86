import { expect, test } from 'vitest';
import { openEngine } from './open.ts';

/** One that no machine of this system has: Direct3D beside Windows, Core ML beside macOS. */
const missing = process.platform === 'darwin' ? 'dml' : 'coreml';

test('a provider that cannot be had is replaced by the next best, in one sentence', async () => {
  const engine = await openEngine(missing, { threads: 1 });
  expect(engine.info).toMatchObject({ id: 'onnxruntime', provider: 'cpu', threads: 1 });
  expect(engine.info.fallback).toBe(
    `The engine ${missing} cannot be used here, so cpu computes: This system does not have it.`,
  );
  await engine.close();
});

test.skipIf(process.platform !== 'linux' || process.env.EIDOSCOPE_CUDA !== undefined)(
  'so is CUDA where its library is not installed',
  async () => {
    const engine = await openEngine('cuda');
    const { info } = engine;
    expect(info.provider).toBe('cpu');
    expect(info.fallback).toMatch(
      /^The engine cuda cannot be used here, so cpu computes: [^\n]+\.$/,
    );
    await engine.close();
  },
);
