import { expect, test } from 'vitest';
import { plural } from '../src/plural.ts';
import { deeper } from '../src/render/picture-notes.ts';

test('one of something is no plural', () => {
  expect([0, 1, 2].map((count) => plural(count, 'turn'))).toEqual(['turns', 'turn', 'turns']);
  expect([1, 2].map((count) => plural(count, 'process', 'processes'))).toEqual(['process', 'processes']);
  expect(deeper(1)).toMatch(/^1 frame deeper than .* rows is not drawn$/);
  expect(deeper(2)).toMatch(/^2 frames deeper than .* rows are not drawn$/);
});
