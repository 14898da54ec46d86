import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src-main/**/*.test.ts', 'src-renderer/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/studio/support/shared.ts'],
    // Native modules (onnxruntime, sharp, better-sqlite3) are safest in processes of their own.
    pool: 'forks',
    maxWorkers: 2,
    // Ends what hangs, however busy the machine is: no test says by its time that something is fast.
    testTimeout: 300_000,
    // Nobody’s own settings may decide about a test.
    env: { EIDOSCOPE_CONFIG: join(tmpdir(), 'eidoscope-no-settings') },
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
    // A busy machine is no failure: what is waited for comes, or the test's own time is up.
    expect: { requireAssertions: true, poll: { timeout: 120_000 } },
  },
});
