import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeFormat } from '../../../src/commands/flame/write-format.ts';
import { type CollapseOptions, readChoices } from '../../../src/commands/inputs/collapse-options.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { perfScript } from '../../../src/formats/perf-script.ts';
import { readInput, readProfile } from '../../../src/formats/registry.ts';
import { FLAMEGRAPH, RESULT_OPTIONS, recordings } from './flamegraph-recordings.ts';

async function collapsed(text: string | Uint8Array, options: CollapseOptions, chunkSize?: number) {
  const given = { compat: 'perl' as const, ...options };
  const profile = await readInput(inputOf(text, 'in.txt', chunkSize), { format: perfScript, ...readChoices(given) });
  const bytes = Buffer.concat(
    Array.from((await writeFormat('folded', profile, given)).chunks, (part) => Buffer.from(part)),
  );
  return { bytes, text: bytes.toString(), notes: profile.meta.notes };
}

describe.runIf(recordings.length > 0)('recordings of FlameGraph, byte for byte', () => {
  /** Their golden texts with `--pid` and `--tid` are older than the script, which since takes Java's `L` away there too. */
  const stale = /^perf-(?:java-faults-01|java-stacks-0[12]|vertx-stacks-01)$/;

  function withoutL(golden: string): string {
    const lines = golden.trimEnd().split('\n');
    const sums = new Map<string, number>();
    for (const line of lines) {
      const cut = line.lastIndexOf(' ');
      const stack = line
        .slice(0, cut)
        .split(';')
        .map((frame) => (frame.includes('/') ? frame.replace(/^L/, '') : frame))
        .join(';');
      sums.set(stack, (sums.get(stack) ?? 0) + Number(line.slice(cut + 1)));
    }
    return `${[...sums.keys()]
      .sort()
      .map((stack) => `${stack} ${sums.get(stack)}`)
      .join('\n')}\n`;
  }

  const cases = recordings.flatMap((name) => Object.keys(RESULT_OPTIONS).map((option) => [name, option]));
  test.each(cases)('%s --%s', async (name, option) => {
    const golden = readFileSync(join(FLAMEGRAPH, 'results', `${name}-collapsed-${option}.txt`), 'utf8');
    const ids = option === 'pid' || option === 'tid';
    const { text } = await collapsed(readFileSync(join(FLAMEGRAPH, `${name}.txt`)), RESULT_OPTIONS[option!]!);
    expect(text).toBe(ids && stale.test(name!) ? withoutL(golden) : golden);
  });

  test('a file is read in parts as it is whole, and also through gzip and standard input', async () => {
    const path = join(FLAMEGRAPH, 'perf-vertx-stacks-01.txt');
    const options = { compat: 'perl' as const };
    const profile = await readProfile(path, readChoices(options));
    const whole = Buffer.concat(
      Array.from((await writeFormat('folded', profile, options)).chunks, (part) => Buffer.from(part)),
    ).toString();
    expect((await collapsed(readFileSync(path), {}, 1000)).text).toBe(whole);
  });
});

/** What stackcollapse-perf.pl of 2024-10 printed for each text; the options are ours. */
const PRINTED: readonly [string, string, CollapseOptions, string][] = [
  ['the last sample is lost', 'app 1 2.0: 1 cycles:\n\t1 f (/x)\n', {}, ''],
  ['a header alone is its command', 'app 1 2.0: 7 cycles:\n\n', {}, 'app 7\n'],
  ['a comm with a number', 'my 99 app 12/34 1.0: 5 cycles:\n\t1 f (/x)\n\n', { tids: true }, 'my-?/99;f 5\n'],
  ['a comm of one character', 'a 12/34 1.0: 5 cycles:\n\t1 f (/x)\n\n', {}, 'a_12/34_1.0:;f 5\n'],
  ['CRLF', 'app 1 2.0: 7 cycles:\r\n\t1 f (/x)\r\n\r\n', {}, ''],
  ['quotes and parameters', 'app 1 2.0: cycles:\n\t1 R:["\'a(b)] (/x)\n\n', {}, 'app;R:[a 1\n'],
  [
    'Go and namespaces',
    'app 1 2.0: 1 c:\n\t1 a.(*B).C (/x)\n\t2 a::(anonymous namespace)::f(int) (/x)\n\n',
    {},
    'app;a::(anonymous namespace)::f;a.(*B).C 1\n',
  ],
  ['a bracket at the start', 'app 1 2.0: 1 c:\n\t1 (anonymous namespace)::f (/x)\n\t1 g (/x)\n\n', {}, 'app;g 1\n'],
  [
    'no name',
    'app 1 2.0: 1 c:\n\t1f  (/x)\n\t2 [unknown] (/a b/x.so)\n\t3 [unknown] ([unknown])\n\n',
    {},
    'app;[unknown];[x.so];  1\n',
  ],
  [
    'addresses',
    'app 1 2.0: 1 c:\n\t2f [unknown] (/a b/x.so)\n\t3a [unknown] ([unknown])\n\n',
    { addrs: true },
    'app;[unknown <3a>];[x.so <2f>] 1\n',
  ],
  ['a tracepoint', 'app 1 2.0: sched:sched_switch: a=1 ==> b=2\n\t1 f ([k])\n\n', { kernel: true }, 'app;f_[k] 1\n'],
  ['two events', 'app 1 2.0: 3 a:\n\t1 f (/x)\n\napp 1 2.0: 4 b:\n\t1 g (/x)\n\n', {}, 'app;f 3\n'],
  [
    'the event asked for',
    'app 1 2.0: 3 a:\n\t1 f (/x)\n\napp 1 2.0: 4 b:\n\t1 g (/x)\n\n',
    { eventFilter: 'b' },
    'app;g 4\n',
  ],
  ['periods of zeros', 'app 1 2.0: 0 a:\n\napp 1 2.0: 00 a:\n\t1 f (/x)\n\n', {}, 'app 1\napp;f 0\n'],
  ['no blank line between', 'app 1 2.0: 3 a:\n\t1 f (/x)\nbpp 1 2.0: 4 a:\n\t1 g (/x)\n\n', {}, 'bpp;g;f 4\n'],
  [
    'inlined Java',
    'java 1 2.0: 3 a:\n\t1 Lx/A;.f()V->Lx/B;.g (/tmp/perf-1.map)\n\n',
    { all: true },
    'java;x/A:.f_[j];x/B:.g_[i] 3\n',
  ],
];

test.each(PRINTED)('%s', async (_name, text, options, printed) => {
  expect((await collapsed(text, options)).text).toBe(printed);
  const bytes = Buffer.from(text);
  for (let end = 0; end < bytes.length; end++) await collapsed(bytes.subarray(0, end), options);
});

test('what is lost is counted', async () => {
  const text = [
    'app 1 2.0: 3 a:\n\t1 (anonymous namespace)::f (/x)\n\nwhat is this\napp 1 2.0: 4 b:\n\t1 g (/x)\n\n',
    'app 1 2.0: 3 a:\n\t1 f (/x)\napp 1 2.0: 4 a:\n\t1 g (/x)\n',
  ].join('');
  expect((await collapsed(text, {})).notes).toEqual([
    'in.txt: lines not understood and left out: 1, first line 4: "what is this"',
    'as stackcollapse-perf.pl: samples of other events than a left out (--event-filter): 1',
    'as stackcollapse-perf.pl: the last sample is not closed by a blank line and left out: 1',
    'as stackcollapse-perf.pl: samples not closed by a blank line, their frames given to the next one: 1',
    'as stackcollapse-perf.pl: frames whose name starts with a bracket left out: 1',
    'as stackcollapse-perf.pl: samples without a stack, written as their command alone: 1',
  ]);
});

test('bytes that are no UTF-8 stay what they are', async () => {
  const stack = Buffer.from([...Buffer.from('é\u{1f600}'), 0xff, 0xe2, 0x82, 0x20, 0xed, 0xb2, 0x80, 0x3b, 0xc3]);
  const text = Buffer.concat([Buffer.from('app 1 2.0: 3 a:\n\t1 f'), stack, Buffer.from(' (/x)\n\n')]);
  const expected = Buffer.concat([Buffer.from('app;f'), stack, Buffer.from(' 3\n')]).map((b) =>
    b === 0x3b ? 0x3a : b,
  );
  expected[3] = 0x3b;
  expect((await collapsed(text, {})).bytes.equals(expected)).toBe(true);
});

test('any bytes, in parts of any size, give the same', async () => {
  const piece = fc.constantFrom(
    'app 1/2 3.4: 5 c:',
    '\n',
    '\n\n',
    '\t1 f (/x)',
    ' (',
    ')',
    '1',
    ' ',
    '->',
    'java',
    '#',
    '\r',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), async (parts, size) => {
      const text = parts.join('');
      expect((await collapsed(text, {}, size)).text).toBe((await collapsed(text, {})).text);
    }),
  );
});

test('a line of a million blanks or digits takes no longer than its length', async () => {
  for (const filler of [' ', '1', '1 ', '(', ' (', 'a/', '1/']) {
    const text = `app 1 2.0: 3 a:\n\t1 f${filler.repeat(500_000)}\nx${filler.repeat(500_000)}\n\n`;
    const { text: folded } = await collapsed(text, {});
    expect(folded).toBe(filler === '1 ' ? 'x1 1\n' : 'app 3\n');
  }
});
