import { expect, test } from 'vitest';
import { summedBytes } from '../src/checksum.ts';

function sumOf(bytes: Uint8Array, start = 0): string {
  const summed = summedBytes(bytes.length)!;
  summed.bytes.set(bytes);
  return summed.sum(start);
}

test('bytes of which any is another, is missing or is too many have another sum', () => {
  const bytes = Buffer.from(Array.from({ length: 131 }, (_, i) => ((i * 37) & 255) | 1));
  const sums = new Set([sumOf(bytes)]);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at]! ^= 1 << bit;
      sums.add(sumOf(bytes));
      bytes[at]! ^= 1 << bit;
    }
  }
  for (let length = 0; length < bytes.length; length++) {
    sums.add(sumOf(bytes.subarray(0, length)));
    // A disk that was cut off leaves zeros
    sums.add(sumOf(Buffer.concat([bytes.subarray(0, length), Buffer.alloc(bytes.length - length + 1)])));
  }
  expect(sums.size).toBe(1 + 8 * 131 + 2 * 131);
  for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{16}$/);
});

test('what stands before the start does not count', () => {
  const bytes = Buffer.from('head: what counts');
  expect(sumOf(bytes, 6)).toBe(sumOf(Buffer.from('what counts')));
});
