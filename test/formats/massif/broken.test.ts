import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { massif } from '../../../src/formats/massif.ts';
import { FIXTURES, profileOrError, readText, refusal } from '../harness.ts';

const text = readFileSync(join(FIXTURES, 'massif/peaks.out'), 'utf8');
const lines = text.split('\n');
const lineOf = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line)) + 1;
const changed = (pattern: RegExp, to: string): string => text.replace(pattern, to);

describe('what is broken is told with its line', () => {
  const tree = lineOf(/^n\d/);
  test.each([
    [
      'a field is missing',
      changed(/^mem_heap_B=.*\n/m, ''),
      'line 8: expected `mem_heap_B=`, found "mem_heap_extra_B=0"',
    ],
    ['no number', changed(/^mem_heap_B=0$/m, 'mem_heap_B=x'), 'line 8: "x" is no number of `mem_heap_B`'],
    ['negative', changed(/^time=0$/m, 'time=-1'), 'line 7: "-1" is no number of `time`'],
    [
      'above 2^53',
      changed(/^mem_heap_B=0$/m, `mem_heap_B=${2 ** 53}`),
      `line 8: "${2 ** 53}" is no number of \`mem_heap_B\``,
    ],
    [
      'another tree',
      changed(/^heap_tree=empty$/m, 'heap_tree=full'),
      'line 11: `heap_tree=` is empty, detailed or peak, not "full"',
    ],
    [
      'no node',
      changed(/^n\d.*$/m, 'x1: 5 0x1: f'),
      `line ${tree}: expected a line of the heap tree (\`n1: 1024 0x...\`), found "x1: 5 0x1: f"`,
    ],
    [
      'a child larger than its parent',
      changed(/^ n1: \d+/m, ' n1: 99999999'),
      `line ${tree + 1}: 99999999 bytes are more than the line above it has left`,
    ],
    [
      'a tree larger than the heap',
      changed(/^n1: \d+/m, 'n1: 99999999'),
      `line ${tree}: 99999999 bytes are more than the snapshot has left`,
    ],
    ['no unit', changed(/^time_unit: .*\n/m, ''), `line ${lines.length - 2}: there is no \`time_unit:\` line`],
    ['no snapshot', lines.slice(0, 3).join('\n'), 'line 3: there is no snapshot'],
    ['cut off', lines.slice(0, tree + 1).join('\n'), `line ${tree + 2}: the file ends in the middle of snapshot `],
    [
      'cut in the header of a snapshot',
      lines.slice(0, 7).join('\n'),
      'line 8: the file ends in the middle of snapshot 0',
    ],
  ])('%s', async (_what, broken, said) => {
    expect(await refusal(readText(broken, massif))).toContain(`x: ${said}`);
  });
});

test('whatever is changed in a file, it is a profile or one clear line', async () => {
  const bytes = Buffer.from(text);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
      fc.nat(bytes.length),
      async (flips, end) => {
        const broken = Buffer.from(bytes);
        for (const [at, byte] of flips) broken[at] = byte;
        await profileOrError(inputOf(broken.subarray(0, end), 'x'), massif);
      },
    ),
    { numRuns: 300 },
  );
});
