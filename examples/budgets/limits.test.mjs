// node --test: limits on time and memory that do not fail by chance
import { test } from 'node:test';
import { expectLatency, expectMemoryPer } from 'pforge-prof/expect';

const table = new Map(Array.from({ length: 10_000 }, (_, i) => [`key ${i}`, i]));

test('a lookup takes less than a microsecond', () => {
  expectLatency(() => table.get('key 5000')).toBeUnder('1us');
});

test('a user takes less than 256 bytes', () => {
  expectMemoryPer(1000, (i) => ({ id: i, name: `user ${i}` })).toBeUnder('256B');
});
