import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { availableMemory } from '../../src/processes/available-memory.ts';

test('no more than the machine has, and something', () => {
  const total = 1024 * Number(/^MemTotal:\s*(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))![1]);
  const available = availableMemory(process.pid);
  expect(available).toBeGreaterThan(1e6);
  expect(available).toBeLessThanOrEqual(total);
});
