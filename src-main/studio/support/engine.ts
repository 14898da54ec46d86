import { EngineError, type Engine } from '../../engine/engine.ts';

/** An engine for tests that compute nothing. */
export const engine: Engine = {
  info: {
    id: 'none',
    provider: 'cpu',
    device: 'no processor',
    version: '1',
    threads: 1,
    precision: 'float32',
    deterministic: true,
  },
  compile: () => Promise.reject(new EngineError('This engine computes nothing.')),
  close: () => Promise.resolve(),
};
