import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { chromeTrace } from '../../src/formats/chrome-trace.ts';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { folded } from '../../src/formats/folded.ts';
import type { Format } from '../../src/formats/format.ts';
import { gecko } from '../../src/formats/gecko.ts';
import { heapprofile } from '../../src/formats/heapprofile.ts';
import { inputOf } from '../../src/formats/input.ts';
import { profileJson } from '../../src/formats/json.ts';
import { perfScript } from '../../src/formats/perf-script.ts';
import { detectFormat, formats } from '../../src/formats/registry.ts';
import { speedscope } from '../../src/formats/speedscope.ts';
import { v8Ticks } from '../../src/formats/v8-ticks.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { FIXTURES, profileOrError, readText, written } from './harness.ts';

/** Small files, so that a run sees thousands of broken ones. */
const SEEDS: readonly (readonly [string, Format])[] = [
  ['perf-script/names-inline.txt', perfScript],
  ['perf-script/threads-srcline.txt', perfScript],
  ['perf-script/threads-bare.txt', perfScript],
  ['perf-script/two-events.txt', perfScript],
  ['folded/threads.folded', folded],
  ['cpuprofile/node.cpuprofile', cpuprofile],
  ['json/node.json', profileJson],
  ['v8-ticks/clinic.json', v8Ticks],
  ['heapprofile/node.heapprofile', heapprofile],
  ['chrome-trace/node.json', chromeTrace],
];
/** Formats without a recording in the repository, in our own writing. */
const WRITTEN: readonly Format[] = [speedscope, gecko];

const TOKENS = [
  ...[
    '\0',
    '\n',
    '\n\n',
    '\t',
    '-1',
    '0',
    '1e309',
    '9007199254740993',
    '-9',
    '__proto__',
    'null',
    '[]',
    '{}',
    '"',
    '\\',
  ],
  ...[
    '</script>',
    '\x1b[2J',
    '😀',
    ';',
    ':',
    '  ',
    'NaN',
    '(',
    ')',
    '->',
    '\r',
    '# ',
    '[',
    ' (inlined)',
    ',',
    '\ufeff',
  ],
];

type Edit = (bytes: Buffer) => Buffer;
const at = (bytes: Buffer, where: number) => Math.floor(where * bytes.length);
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([where, byte]): Edit =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[at(copy, where)] = byte;
        return copy;
      },
  ),
  fc.tuple(place, place).map(
    ([from, part]): Edit =>
      (bytes) => {
        const start = at(bytes, from);
        return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + at(bytes, part * part))]);
      },
  ),
  fc.tuple(place, fc.constantFrom(...TOKENS)).map(
    ([where, token]): Edit =>
      (bytes) => {
        const start = at(bytes, where);
        return Buffer.concat([bytes.subarray(0, start), Buffer.from(token), bytes.subarray(start)]);
      },
  ),
  fc.tuple(place, fc.constantFrom(...TOKENS)).map(
    ([where, token]): Edit =>
      (bytes) => {
        const numbers = [...bytes.toString('latin1').matchAll(/-?\d+(?:\.\d+)?/g)];
        const number = numbers[Math.floor(where * numbers.length)];
        if (!number) return bytes;
        const end = number.index + number[0].length;
        return Buffer.concat([bytes.subarray(0, number.index), Buffer.from(token), bytes.subarray(end)]);
      },
  ),
  fc.tuple(place, place).map(
    ([a, b]): Edit =>
      (bytes) => {
        const lines = bytes.toString('latin1').split('\n');
        const [i, k] = [Math.floor(a * lines.length), Math.floor(b * lines.length)];
        [lines[i], lines[k]] = [lines[k]!, lines[i]!];
        return Buffer.from(lines.join('\n'), 'latin1');
      },
  ),
);

describe('broken files are a profile or one clear line, never another exception', () => {
  test.each(SEEDS)('%s', async (name, format) => {
    await breakInEveryWay(readFileSync(join(FIXTURES, name)), format);
  });

  test.each(WRITTEN)('$id', async (format) => {
    const recording = await readText(readFileSync(join(FIXTURES, 'cpuprofile/node.cpuprofile')));
    await breakInEveryWay(Buffer.from(written(format, recording)), format);
  });

  async function breakInEveryWay(seed: Buffer, format: Format): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const bytes = edits.reduce<Buffer>((broken, apply) => apply(broken), seed);
        const input = inputOf(bytes, 'x');
        for (const known of formats) known.detect(input.head);
        const profile = await profileOrError(input, format);
        for (let i = 0; i < (profile?.valueTypes.length ?? 0); i++) {
          const total = totalWeight(profile!, i);
          expect(total >= 0 && Number.isFinite(total)).toBe(true);
        }
      }),
      { seed: 3, numRuns: 120 },
    );
  }

  test('any bytes as any format', async () => {
    const own = formats.filter(({ id }) => id !== 'perf-data');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...own), async (bytes, format) => {
        const input = inputOf(bytes, 'x');
        await profileOrError(input, format);
        try {
          detectFormat(input);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { seed: 5, numRuns: 600 },
    );
  });

  test('lines made of the words of perf script and folded text', async () => {
    const word = fc.constantFrom(
      'app',
      ' ',
      '  ',
      '\t',
      '\n',
      '\n\n',
      '1',
      '12/34',
      '[000]',
      '1.5:',
      '99',
      'cycles:',
      'cycles:u:',
      ...TOKENS,
      '1f',
      'f+0x1',
      '(/a)',
      '(/a (deleted))',
      'JS:*f /a.js:1:2',
      '[unknown]',
      'a->b',
      '  a.c:12',
      'PERF_RECORD_LOST lost 3',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 60 }),
        fc.constantFrom(perfScript, folded),
        async (words, format) => {
          await profileOrError(inputOf(words.join(''), 'x', 13), format);
        },
      ),
      { seed: 9, numRuns: 600 },
    );
  });
});

describe('large and deep', () => {
  const deep = 100_000;

  test('a stack of 100,000 frames', async () => {
    const frames = Array.from({ length: deep }, (_, i) => `f${i % 5}`);
    const text = await readText(`${frames.join(';')} 5\n`);
    expect(text.stacks.length).toBe(deep);
    expect(written(folded, text)).toBe(`${frames.join(';')} 5\n`);
    const again = await readText(written(profileJson, text));
    expect(again.stacks).toEqual(text.stacks);
    const chrome = await readText(written(cpuprofile, text));
    // And the idle node in which a file of ours ends
    expect(chrome.stacks.length).toBe(deep + 1);
    const perf = await readText(
      `app 1 1.5: 5 cycles: \n${frames.map((f, i) => `\t ${i.toString(16)} ${f} (/a)\n`).join('')}\n`,
    );
    expect(perf.stacks.length).toBe(deep);
  });

  test('a name of 5 MB, brackets that never close, a line of 20 MB', async () => {
    const long = 'x'.repeat(5_000_000);
    const perf = await readText(`app 1 1.5: 5 cycles: \n\t 1 ${long}+0x1 (/a)\n\t 2 ${'a('.repeat(100_000)} (/a)\n\n`);
    expect(perf.strings).toContain(long);
    expect(perf.strings).toContain('a');
    const text = await readText(`m;${'y'.repeat(20_000_000)} 5\n`);
    expect(text.strings[2]!.length).toBe(20_000_000);
  });

  test('200,000 roots', async () => {
    const text = await readText(Array.from({ length: 200_000 }, (_, i) => `r${i} 1\n`).join(''));
    expect(totalWeight(text)).toBe(200_000);
    expect(text.stacks.length).toBe(200_000);
  });

  test('lines of blanks and digits, which make careless patterns quadratic', async () => {
    const many = 200_000;
    const pieces = [' ', '1 ', '1/', ' [1] ', '1:', ' a:', ' (', '->', ' /a', '# ', '.(', '; '];
    for (const piece of pieces) {
      for (const start of ['', 'a', '\t 1 ', '\t 1 JS:*', '  ', '# cmdline : ']) {
        const bytes = Buffer.from(`app 1 1.5: 5 cycles: \n\t 2 f (/a)\n${start}${piece.repeat(many)}b\n`);
        await profileOrError(inputOf(bytes, 'x'), perfScript);
        await profileOrError(inputOf(bytes, 'x'), folded);
      }
    }
    // As long as a header is looked at, very often: what is cubic in that length takes minutes
    const padded = Buffer.from(`${' '.repeat(250)}a${' '.repeat(250)}b\n`.repeat(20_000));
    await profileOrError(inputOf(padded, 'x'), perfScript);
  });

  test('frames that were seen before cost no memory: a file 50 times as long has the same tables', async () => {
    const once = readFileSync(join(FIXTURES, 'perf-script/names.txt'), 'utf8');
    const short = await readText(once);
    const long = await readText(once.repeat(50));
    expect(long.samples.length).toBe(short.samples.length * 50);
    expect(long.strings).toEqual(short.strings);
    expect(long.frames).toEqual(short.frames);
    expect(long.stacks).toEqual(short.stacks);
  });
});

test('every fixture is small enough for the repository', () => {
  const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const path = join(FIXTURES, name);
    // The scripts and sources that make them stand on top
    if (!name.includes('/') || statSync(path).isDirectory()) continue;
    expect(statSync(path).size, name).toBeLessThan(60_000);
  }
});
