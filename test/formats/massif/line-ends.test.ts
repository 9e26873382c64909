import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { detectFormat } from '../../../src/formats/registry.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { FIXTURES, readText } from '../harness.ts';

test('a file that was saved on Windows is the same file', async () => {
  const text = readFileSync(join(FIXTURES, 'massif/peaks.out'), 'utf8');
  const saved = text.replaceAll('\n', '\r\n');
  expect(detectFormat(inputOf(saved, 'x')).id).toBe('massif');
  const [profile, again] = [await readText(text), await readText(saved)];
  expect(totalWeight(again)).toBe(totalWeight(profile));
  expect(again.strings).toEqual(profile.strings);
});
