import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

// With it node 20 reads all certificates at each start: a tenth of the time of all tests that start programs.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Rooms of pure functions: what their tests import is the same before and after, and a third of their time would go into importing it anew. */
const PURE = ['embedded', 'formats', 'heap', 'profile', 'render', 'statistics', 'symbols', 'terminal'];
/** What a test changes for all that come after it, or has removed when its file ends. */
const OWN_WORLD = /\bvi\.|e2e\/run-cli/;

const inOneWorld = PURE.flatMap((room) =>
  readdirSync(`${import.meta.dirname}/test/${room}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${room}/${name}`)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => !OWN_WORLD.test(readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))),
);

const shared = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  pool: 'threads',
  maxWorkers: 3,
  setupFiles: 'test/fast-equality.ts',
  // Tests run real profilers on real processes: a machine that stalls for a second fails one, a mistake fails each time.
  retry: process.env.CI ? 2 : 0,
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/build-first.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...shared, name: 'own world', include: ['test/**/*.test.ts'], exclude: inOneWorld } },
      { test: { ...shared, name: 'one world', include: inOneWorld, isolate: false } },
    ],
  },
});
