import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { readCounterRuns } from '../../src/formats/perf-stat/read-counter-runs.ts';
import { perfStat } from '../../src/formats/perf-stat.ts';
import { detectFormat, readInput, readProfile } from '../../src/formats/registry.ts';
import type { CounterRuns } from '../../src/profile/counters/counter-runs.ts';
import { countersJson } from '../../src/render/counters/counters-json.ts';
import { SeededRandom } from '../../src/statistics/random.ts';
import { FIXTURES, profileOrError, readText, refusal } from './harness.ts';
import { LOCALES, perfNumber } from './perf-stat/print-like-perf.ts';

// The format holds counters, no samples: testFormat, which compares stacks, says nothing about it.

const FOLDER = join(FIXTURES, 'perf-stat');
const fixtures = readdirSync(FOLDER).filter((name) => !name.endsWith('.golden'));

const runsOf = (text: string | Uint8Array, chunk?: number): Promise<CounterRuns> =>
  readCounterRuns(inputOf(text, 'x', chunk), new Notes());
const values = (runs: CounterRuns): Record<string, unknown> =>
  Object.fromEntries(runs.counters.map(({ name, missing, values: [first] }) => [name, missing ?? first]));
const valuesOf = async (text: string) => values(await runsOf(text));

describe.each(fixtures)('%s', (name) => {
  const path = join(FOLDER, name);
  const bytes = readFileSync(path);

  test('gives the golden counters', async () => {
    // What is made of the counters is others' concern
    const { derived: _worked, verdicts: _said, ...counted } = countersJson(await runsOf(bytes));
    const golden = `${path.slice(0, -extname(path).length)}${extname(path)}.golden`;
    await expect(`${JSON.stringify(counted, undefined, 1)}\n`).toMatchFileSnapshot(golden);
  });

  test('is told by its content, and the same in tiny chunks', async () => {
    expect(detectFormat(inputOf(bytes, 'x')).id).toBe('perf-stat');
    expect(await runsOf(bytes, 7)).toEqual(await runsOf(bytes));
  });

  test('cut at any byte, it is counters or a clear error; a whole line is never read wrong', async () => {
    const whole = await runsOf(bytes);
    const known = new Set(whole.counters.map((counter) => counter.name));
    const step = Math.max(1, Math.floor(bytes.length / 400));
    for (let end = 0; end < bytes.length; end += step) {
      const profile = await profileOrError(inputOf(bytes.subarray(0, end), 'x'), perfStat);
      const lineEnds = bytes[end - 1] === 10;
      if (lineEnds) for (const { name: found } of profile?.counters ?? []) expect(known).toContain(found);
    }
  });

  test('what --json writes of it is read again as the same', async () => {
    const runs = await runsOf(bytes);
    const again = await runsOf(`${JSON.stringify(countersJson(runs))}\n`);
    const { parts: _lost, ...rest } = runs;
    expect({ ...again, counters: again.counters.map(comparable) }).toEqual({
      ...rest,
      parts: [],
      counters: runs.counters.map(comparable),
    });
  });
});

/** A counter that nobody counted has no values. */
const comparable = (counter: CounterRuns['counters'][number]) =>
  counter.missing === undefined
    ? counter
    : { ...counter, values: undefined, percentRunning: undefined, summary: undefined };

describe('numbers of every locale', () => {
  test('what perf printed in four locales is the same', async () => {
    const read = async (name: string) => values(await runsOf(readFileSync(join(FOLDER, name))));
    for (const name of ['real-de_DE.txt', 'real-fr_FR.txt', 'real-de_CH.txt']) {
      const found = await read(name);
      // 40 MB in 4 kB pages, and node's own 2156
      expect(found['page-faults']).toBeGreaterThan(11_500);
      expect(found['page-faults']).toBeLessThan(12_500);
      expect(found['task-clock']).toBeGreaterThan(30e6);
      expect(found['task-clock']).toBeLessThan(120e6);
      expect(found['wall-time']).toBeGreaterThan(50e6);
    }
  });

  test.each(Object.entries(LOCALES))('%s: a count and a time are what was counted', async (_name, locale) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.integer({ min: 10_000, max: 10 ** 12 }),
        async (count, hundredths, nanoseconds) => {
          const text = [
            " Performance counter stats for './app':",
            '',
            `${perfNumber(count, 0, locale).padStart(18)}      page-faults               # ${perfNumber(1.5, 3, { ...locale, group: '' })} K/sec`,
            `${perfNumber(hundredths / 100, 2, locale).padStart(18)} msec task-clock`,
            '',
            `${perfNumber(nanoseconds / 1e9, 9, { ...locale, group: '' }).padStart(17)} seconds time elapsed`,
            '',
          ].join('\n');
          const found = await valuesOf(text);
          expect(found['page-faults']).toBe(count);
          expect(found['task-clock']).toBeCloseTo(hundredths * 1e4, -1);
          expect(found['wall-time']).toBeCloseTo(nanoseconds, -1);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a lone separator means what the other numbers of the run say', async () => {
    const text = (count: string, elapsed: string) =>
      ` Performance counter stats for 'a':\n\n ${count}      faults\n\n ${elapsed} seconds time elapsed\n`;
    expect(await valuesOf(text('1.234', '0,5'))).toMatchObject({ faults: 1234 });
    expect(await valuesOf(text('1,234', '0.5'))).toMatchObject({ faults: 1234 });
    expect(await valuesOf(text('1.234', '0.5'))).toMatchObject({ faults: 1.234 });
    expect(await valuesOf(text('1.234.567', '0.5'))).toMatchObject({ faults: 1234567 });
  });

  test('two signs in one run are refused, with both lines', async () => {
    const text = [
      " Performance counter stats for 'a':",
      '',
      '   1.234      faults    #    1.500 K/sec',
      '   2.00 msec task-clock #    0,500 CPUs utilized',
      '',
    ].join('\n');
    expect(await refusal(runsOf(text))).toBe(
      "x: line 4: 0,500 has its decimals behind ',', line 3 behind '.': the outputs of two locales stand in one run: read them one by one",
    );
  });

  test('a decimal comma between commas is refused', async () => {
    expect(await refusal(runsOf('0,57,msec,task-clock,574516,100,00,0,CPUs utilized\n'))).toBe(
      "x: its numbers have ',' both as separator and as decimal sign: write it anew with another separator (perf stat -x ';'), or in the locale C (LC_ALL=C)",
    );
  });
});

describe('layouts', () => {
  test('any separator is found', async () => {
    for (const separator of [',', ';', '\t', '|', ' ', ':', '~', '||', ' sep ', '=>', '$', '(', 'µ', '\\']) {
      const row = (...fields: string[]) => fields.join(separator);
      const text = `${row('1.50', 'msec', 'task-clock', '1500000', '100.00', '0.5', 'CPUs utilized')}\n${row('<not supported>', '', 'cycles', '0', '100.00', '', '')}\n`;
      expect(await valuesOf(text), JSON.stringify(separator)).toEqual({ 'task-clock': 1.5e6, cycles: 'not supported' });
    }
  });

  test('runs behind each other are runs of one program; other programs are told', async () => {
    const run = (command: string, faults: number) =>
      `# started on Thu Nov 26 10:16:29 2026\n\n\n Performance counter stats for '${command}':\n\n  ${faults}      faults\n\n 0.5 seconds time elapsed\n\n`;
    const same = await runsOf(run('./a', 3) + run('./a', 5));
    expect(same.runs).toBe(2);
    expect([...same.counters[0]!.values]).toEqual([3, 5]);
    expect(same.notes).toEqual([]);
    const other = await runsOf(run('./a', 3) + run('./b', 5));
    expect(other.notes).toEqual(['2 different programs were measured: ./a, ./b; they count as runs of one']);
  });

  test('an elapsed time that cannot be is left out', async () => {
    const text = ` Performance counter stats for 'true':\n\n  5      cs\n\n 0.000001672 seconds time elapsed\n`;
    const runs = await runsOf(text);
    expect(runs.counters.map(({ name }) => name)).toEqual(['cs']);
    expect(runs.notes).toEqual(['elapsed times of a few microseconds, which no program takes, left out: 1']);
  });

  test('repeats of intervals are told apart where the time begins anew', async () => {
    const rows = ['0.100000000,5,,cs,1,100.00,,', '0.200000000,6,,cs,1,100.00,,', '0.100000000,7,,cs,1,100.00,,'];
    const { counters, series } = await runsOf(`${rows.join('\n')}\n`);
    expect([...counters[0]!.values]).toEqual([11, 7]);
    expect([...series[0]!.value]).toEqual([7]);
  });

  test('threads of any name', async () => {
    const hostile = ['7', 'a b', '1,234', 'x-1', '<not counted>', '( +-  1.00% )', '# 5 GHz', 'msec'];
    for (const name of hostile) {
      const text = ` Performance counter stats for process id '7':\n\n${name.padStart(16)}-${'12'.padEnd(8)}              12.50 msec task-clock               \n\n  0.5 seconds time elapsed\n`;
      const { parts } = await runsOf(text);
      expect(parts[0]?.part, name).toEqual({ kind: 'thread', name: `${name}-12` });
      expect(parts[0]?.counters[0]?.values[0], name).toBe(12.5e6);
    }
  });

  test('names that are keys of objects, and commands with quotes', async () => {
    const text = ` Performance counter stats for 'sh -c 'echo': (3 runs)':\n\n  5      __proto__\n  6      constructor\n\n 0.5 seconds time elapsed\n`;
    const runs = await runsOf(text);
    expect(runs.counters.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'wall-time']);
    expect(runs.command?.join(' ')).toBe("sh -c 'echo': (3 runs)");
  });

  test('lines between the counters that are none are counted', async () => {
    const text = ` Performance counter stats for 'a':\n\n  5      cs\n  hello, world; this is no row\n\n 0.5 seconds time elapsed\n`;
    expect((await runsOf(text)).notes).toEqual([
      'x: lines not understood and left out: 1, first line 4: "  hello, world; this is no row"',
    ]);
  });

  test('an output without a counter says so', async () => {
    expect(await refusal(runsOf('# started on Thu Nov 26 10:16:29 2026\n\n'))).toBe(
      'x: no counters of perf stat in it: perf stat -o FILE, -x or -j write what is read here',
    );
  });

  test('lines of blanks, digits and brackets, which make careless patterns quadratic', async () => {
    const head = " Performance counter stats for 'a':\n\n  5      cs\n";
    for (const piece of [' ', '1 ', '1,', '(', ' (1.0%)', ' # ', '1.', "1'", ' ( +-', '-1']) {
      const line = piece.repeat(100_000);
      await runsOf(`${head}${line}b\n${line}\n${`${line.slice(0, 1_900)}b\n`.repeat(300)}`).catch(() => undefined);
      await runsOf(`1,,cs,1,100.00,,\n${line}\n`).catch(() => undefined);
    }
  });
});

test('bytes changed at random give counters or a clear error, whatever the layout', async () => {
  const random = new SeededRandom(11);
  const originals = fixtures.map((name) => readFileSync(join(FOLDER, name)));
  const signs = Buffer.from(' ,.;<>()#%\n\t{}"0');
  for (let i = 0; i < 2000; i++) {
    const bytes = Buffer.from(originals[random.below(originals.length)]!);
    for (let change = random.below(8); change >= 0; change--) {
      const at = random.below(bytes.length);
      const kind = random.below(3);
      if (kind === 0) bytes[at] = random.below(256);
      else if (kind === 1) bytes[at] = signs[random.below(signs.length)]!;
      else bytes.copyWithin(at, random.below(bytes.length));
    }
    await profileOrError(inputOf(bytes, 'x'), perfStat);
  }
});

describe('our own JSON', () => {
  const text = JSON.stringify(
    countersJson({
      runs: 2,
      counters: [{ name: 'cs', unit: 'count', source: 'perf', values: Float64Array.of(1, Number.NaN) }],
      parts: [],
      series: [],
      notes: ['told'],
    }),
  );

  test('cut at any byte or with any member broken, it is a clear error', async () => {
    for (let end = 0; end < text.length; end++) await profileOrError(inputOf(text.slice(0, end), 'x'), perfStat);
    for (const [found, put, message] of [
      ['"version":1', '"version":9', /made by a newer pforge-prof/],
      ['"values":[1,null]', '"values":{}', /\$\.counters\[0\]\.values: expected an array/],
      ['"values":[1,null]', '"values":["1"]', /\$\.counters\[0\]\.values\[0\]: expected a number/],
      ['"source":"perf"', '"source":"x"', /\$\.counters\[0\]\.source: expected one of perf/],
      ['"name":"cs"', '"name":7', /\$\.counters\[0\]\.name: expected a string/],
      ['"notes":["told"]', '"notes":[1]', /\$\.notes\[0\]: expected a string/],
    ] as const) {
      expect(text).toContain(found);
      expect(await refusal(runsOf(text.replace(found, put)))).toMatch(message);
    }
  });
});

test('of our own JSON, a counter without any value is one that was not counted', async () => {
  for (const values of ['[]', '[null,null]']) {
    const json = `{"version":1,"kind":"perf-stat","runs":2,"counters":[{"name":"cs","unit":"count","values":${values}}]}`;
    expect((await runsOf(json)).counters).toMatchObject([{ name: 'cs', missing: 'not counted' }]);
  }
});

const METRICS = [
  // perf 6.1, in files and on standard error, where no event of a metric could be counted
  '# started on Fri Nov 27 02:04:11 2026\n\n\n,,\n',
  '# started on Fri Nov 27 02:04:11 2026\n\n time,\n     0.100094702,,,\n',
  '# started on Fri Nov 27 02:04:12 2026\n\nsocket,cpus\nS0,2,,,\n',
  '{}\n{"metric-value" : ""}{"metric-value" : ""}\n',
  '{      "unit" : "CPUs utilized", "unit" : "GHz"}\n{"cpu" : "0", {"metric-value" : ""}{"metric-value" : ""}\n',
  '{"interval" : 0.100152177}{"metric-value" : ""}{"metric-value" : ""}\n',
  // As the sources of others have it
  'GHz,insn per cycle,branch-misses of all branches,\n3.1,1.0,2.2,\n',
  'cpu;GHz;insn per cycle;\nCPU0;3.1;1.0;\n',
  '{"GHz" : "3.10", "insn per cycle" : "1.00"}\n',
  '{"interval" : 1.000, "GHz" : "3.10", "insn per cycle" : "1.00"}\n',
];

test.each(METRICS)('metrics alone, for programs, are said to lack their counts: %j', async (text) => {
  expect(detectFormat(inputOf(text, 'x')).id).toBe('perf-stat');
  const message = await refusal(runsOf(text));
  expect(message).toMatch(/^x: it holds metrics without the counts .*: leave --metric-only out/);
});

test.each(['GHz 1\nGHz;x 12\n', 'main;CPUs utilized 3\n', 'now,insn per cycle\n1,2\n', '{"unit" : "GHz"'])(
  'that names a metric, and is none: %j',
  (text) => {
    expect(perfStat.detect(Buffer.from(text))).toBe(text.startsWith('{') ? 'yes' : 'no');
  },
);

test('a broken file of counters, too, is sent to the command for them', async () => {
  const torn = readFileSync(join(FOLDER, 'perf-3.12-repeats.txt')).subarray(0, 60);
  expect(await refusal(readText(torn))).toMatch(
    / no counters of perf stat .*; counters are for pforge-prof perf-stat -$/,
  );
  const own = '{"version":1,"kind":"perf-stat","runs":2,"coun';
  expect(await refusal(readText(own))).toMatch(/counters are for pforge-prof perf-stat -$/);
});

test('a profile of it has counters and no samples, and other commands say where to go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  try {
    const path = join(folder, 'saved');
    writeFileSync(path, readFileSync(join(FOLDER, 'perf-3.12-repeats.txt')));
    expect(await refusal(readProfile(path))).toBe(
      `no samples in ${path}: it holds counters: pforge-prof perf-stat ${path} shows them`,
    );
    const { counters, meta } = await readProfile(path, { allowEmpty: true });
    expect(meta).toMatchObject({ format: 'perf-stat', tool: 'perf stat', command: ['./a.out'] });
    expect(counters[2]).toMatchObject({ name: 'cycles', unit: 'count', value: 4012345678, variance: 0.1, runs: 5 });
    expect(counters[2]!.percentRunning).toBeCloseTo(50.01);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await expect(readInput(inputOf('a;b 1\n', 'x'))).resolves.toBeDefined();
  await expect(readText(readFileSync(join(FOLDER, 'shell-log.txt')))).rejects.toThrow('no samples');
});
