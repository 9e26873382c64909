import { expect, test } from 'vitest';
import { elfLayout } from '../../src/symbols/elf-segments.ts';

test('a program has code, on whole pages, not before its start', () => {
  const layout = elfLayout(process.execPath)!;
  expect(layout.code.length).toBeGreaterThan(0);
  for (const { start, end } of layout.code) {
    expect(start % 4096 || end % 4096).toBe(0);
    expect(start).toBeLessThan(end);
    expect(start).toBeGreaterThanOrEqual(layout.first);
  }
});

test.each([[import.meta.filename], ['/nowhere'], ['/']])('%s is none', (path) => {
  expect(elfLayout(path)).toBeUndefined();
});
