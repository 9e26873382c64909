import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, formats } from '../../src/formats/registry.ts';
import { FIXTURES } from './harness.ts';

/** fixtures/FORMAT/FILE: every recording, by the format that its folder names; not what is expected of it. */
const recordings = formats.flatMap(({ id }) => {
  const folder = readdirSync(FIXTURES).includes(id) ? readdirSync(join(FIXTURES, id)) : [];
  return folder.filter((name) => !/\.(?:golden|totals|gz|zst)$/.test(name)).map((name) => [id, name] as const);
});

describe.each(recordings)('%s/%s', (id, name) => {
  const input = inputOf(readFileSync(join(FIXTURES, id, name)), name);

  test('is claimed by its own format, and for sure by no other', () => {
    expect(detectFormat(input).id).toBe(id);
    const sure = formats.filter((format) => format.detect(input.head) === 'yes').map((format) => format.id);
    expect(sure.filter((other) => other !== id)).toEqual([]);
  });
});

test('whatever a file starts with, its format is told at once', () => {
  const units = [
    ' ',
    '\n',
    '\t',
    '\r\n',
    '<??>',
    '<!---->',
    '<!DOCTYPE svg>',
    '<?',
    '<!--',
    '{',
    '[',
    '"',
    '(',
    ' (',
    '# ',
  ];
  for (const unit of [...units, 'a ', 'a;', '1 ', '1,', ':', '| ', '- ', '% ', '\ufeff']) {
    for (const end of ['', 'x', '\n!', '<svg']) {
      const head = Buffer.from(unit.repeat(Math.floor(4000 / unit.length)) + end);
      // One that tries every grouping of equal parts would not come back
      for (const format of formats) expect(['yes', 'no', 'maybe']).toContain(format.detect(head));
    }
  }
});
