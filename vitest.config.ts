import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-first.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 3,
    // Tests run real profilers on real processes: a machine that stalls for a second fails one, a mistake fails twice.
    retry: process.env.CI ? 1 : 0,
  },
});
