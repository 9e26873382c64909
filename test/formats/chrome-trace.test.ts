import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chromeTrace } from '../../src/formats/chrome-trace.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { linesOf } from '../profile/profile-of.ts';
import { readText, refusal, stacksOf } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/trace-event');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);

const at = { pid: 1, tid: 2 };
const B = (name: string, ts: number) => ({ ...at, ph: 'B', name, ts });
const E = (name: string, ts: number) => ({ ...at, ph: 'E', name, ts });
const X = (name: string, ts: number, dur: number) => ({ ...at, ph: 'X', name, ts, dur });
const read = (...events: object[]) => readText(JSON.stringify(events), chromeTrace);
const withoutThread = (text: string) =>
  text
    .replace(/^\[unknown\];/gm, '')
    .trimEnd()
    .split('\n');

describe('stacks from events', () => {
  test('begin and end, and whole events; times are nanoseconds since the first', async () => {
    const profile = await read(B('a', 5), X('b', 6, 2), E('a', 9.5));
    expect(profile.valueTypes).toEqual([{ type: 'wall', unit: 'nanoseconds' }]);
    expect(withoutThread(stacksOf(profile))).toEqual(['a 2500', 'a;b 2000']);
    expect([...profile.samples.time!]).toEqual([0, 1000, 3000]);
  });

  test('one that outlives what it started in goes on without it: no time is lost', async () => {
    const profile = await read(X('a', 0, 10), X('b', 5, 10));
    expect(withoutThread(stacksOf(profile))).toEqual(['a 5000', 'a;b 5000', 'b 5000']);
    expect(profile.meta.notes).toEqual(['events that end before one that started in them: 1']);
  });

  test('what has no end, or no begin, is told', async () => {
    const profile = await read(B('a', 0), E('b', 1), X('c', 2, 3), { ...at, ph: 'C', name: 'counter', ts: 1 });
    expect(withoutThread(stacksOf(profile))).toEqual(['a 2000', 'a;c 3000']);
    expect(profile.meta.notes).toEqual([
      'end events without a begin, left out: 1, first $[1]',
      "begin events without an end, drawn until their thread's last event: 1, first $[0]",
      'events without a duration (counters, instants, flows), left out: 1',
    ]);
  });

  test('threads are told apart, named from anywhere in the file; ids may be strings', async () => {
    const profile = await read(
      { ...X('a', 0, 1), tid: '2' },
      { ...X('b', 0, 1), tid: 3 },
      { ...at, ph: 'M', name: 'thread_name', args: { name: 'worker' } },
      { pid: '1', ph: 'M', name: 'process_name', args: { name: 'app' } },
    );
    expect(profile.threads).toEqual([
      { pid: 1, tid: 2, process: 'app', name: 'worker' },
      { pid: 1, tid: 3, process: 'app', name: '' },
    ]);
  });

  test('100,000 deep', async () => {
    const events = Array.from({ length: 100_000 }, (_, i) => B('f', i));
    expect((await read(...events)).stacks.length).toBe(99_999);
  });

  test('events that overlap all over are refused', async () => {
    const events = Array.from({ length: 4000 }, (_, i) => X(`f${i}`, i, 5000));
    expect(await refusal(read(...events))).toBe('x: its events overlap without nesting all over');
  });
});

describe("V8's CPU profiles inside", () => {
  const node = (id: number, functionName: string, parent?: number) => ({
    id,
    ...(parent === undefined ? {} : { parent }),
    callFrame: {
      functionName,
      scriptId: 1,
      url: functionName === 'run' ? 'file:///a.js' : '',
      lineNumber: 1,
      columnNumber: 2,
    },
  });
  const chunk = (cpuProfile: object, timeDeltas: number[]) => ({
    ...at,
    tid: 9,
    ph: 'P',
    name: 'ProfileChunk',
    id: '0x1',
    ts: 1,
    args: { data: { cpuProfile, timeDeltas } },
  });

  test('their chunks are put together', async () => {
    const profile = await read(
      { ...at, ph: 'P', name: 'Profile', id: '0x1', ts: 0, args: { data: { startTime: 1000 } } },
      chunk({ nodes: [node(1, '(root)'), node(2, 'run', 1)], samples: [2] }, [0]),
      chunk({ nodes: [node(3, '(idle)', 1)], samples: [3, 2] }, [10, 20]),
      X('RunTask', 0, 99),
      { ...at, ph: 'M', name: 'thread_name', args: { name: 'CrRendererMain' } },
    );
    expect(profile.valueTypes).toEqual([{ type: 'cpu', unit: 'nanoseconds' }]);
    expect(linesOf(profile)).toEqual(
      ['run /a.js:2:3 10000', 'run /a.js:2:3 15000']
        .map((line) => `[CrRendererMain 1/2] ${line}`)
        .map((line) => line.replace(/^\[.*?\] /, '')),
    );
    expect(profile.threads).toEqual([{ pid: 1, tid: 2, process: '', name: 'CrRendererMain' }]);
    expect(profile.counters).toEqual([{ name: 'idle', unit: 'nanoseconds', value: 20_000, supported: true }]);
    expect(profile.meta.notes).toEqual(["V8's CPU profiles are read, not the 1 events with a duration"]);
  });
});

describe('broken files', () => {
  test.each([
    ['[{"ph":"X","name":"a"}]', '$[0].ts: expected a number, found nothing'],
    ['[{"ph":"X","name":"a","ts":"soon"}]', '$[0].ts: expected a number, found a string'],
    ['[{"ph":"X","name":"a","ts":1e300}]', '$[0].ts: expected a number, found the number 1e+300'],
    ['[{"ph":"X","name":"a","ts":1,"dur":-2}]', '$[0].dur: the duration -2 is negative'],
    ['[{"ph":"X","ts":1,"dur":2},7]', '$[1]: expected an object, found the number 7'],
    ['{"traceEvents":{}}', '$.traceEvents: expected an array, found an object'],
    ['{"traceEvents":[],"samples":[{"ts":1}],"stackFrames":[]}', '$.stackFrames: expected an object, found an array'],
    [
      '{"traceEvents":[],"samples":[],"stackFrames":{"1":{"name":"a","parent":2},"2":{"name":"b","parent":1}}}',
      '$.stackFrames["1"]: the frame is its own caller (a cycle)',
    ],
    ['[{"ph":"X" "ts"', 'line 1, column 12: this is not valid JSON'],
  ])('%s', async (text, message) => {
    expect(await refusal(readText(text, chromeTrace))).toBe(`x: ${message}`);
  });

  test('a file without its end is read up to its last whole event, whatever strings hold', async () => {
    const events = [X('a "]}', 0, 1), X('b', 1, 1)].map((event) => JSON.stringify(event));
    for (const start of ['[', '{"displayTimeUnit":"ms","traceEvents":[']) {
      for (const end of ['', ',', ',\n', ',{"ph":"X","na']) {
        const profile = await readText(start + events.join(',\n') + end);
        expect(withoutThread(stacksOf(profile))).toEqual(['a "]} 1000', 'b 1000']);
        expect(profile.meta.notes).toEqual(['x ends early: read up to its last whole event']);
      }
    }
  });
});

describe.skipIf(!existsSync(PEERS))('samples of speedscope', () => {
  test.each(existsSync(PEERS) ? readdirSync(PEERS) : [])('%s', async (name) => {
    const input = inputOf(readFileSync(join(PEERS, name)), 'x');
    expect(detectFormat(input)).toBe(chromeTrace);
    const profile = await readInput(input);
    checkProfile(profile);
    const expected = stacks.get(name);
    if (expected) expect(withoutThread(stacksOf(profile))).toEqual(expected);
  });
});

/** Worked out by hand from the files. */
const PARTIAL = ['alpha 2000', 'alpha;beta 3000', 'alpha;beta;epsilon 4000', 'alpha;beta;gamma 5000'];
const stacks = new Map<string, string[]>([
  ['simple.json', PARTIAL],
  ['simple-partial.json', PARTIAL],
  ['simple-partial-trailing-comma.json', PARTIAL],
  ['simple-partial-whitespace.json', PARTIAL],
  ['simple-object.json', ['alpha 2000', 'alpha;beta 8000', 'alpha;beta;[unknown] 4000']],
  ['unbalanced-name.json', ['alpha 1000', 'alpha;beta 8000', 'beta 1000']],
  ['zero-duration-events.json', ['A 10000']],
  ['must-retain-original-order.json', ['A 2000', 'A;B 2000', 'A;B;C 2000', 'X 3000']],
  ['matching-x.json', ['alpha 8000', 'alpha;beta;gamma 1000', 'alpha;gamma;beta 1000']],
  ['out-of-order.json', ['A 2000', 'A;B 2000', 'A;B;C 6000']],
  [
    'multiprocess.json',
    ['p0t0;alpha', 'p0t1;beta', 'p1t0;gamma', 'p1t1;delta', 'p2t0;epsilon', 'p2t1;phi', 'p3;eta', 'p3;zeta'].map(
      (line) => `${line} 1000`,
    ),
  ],
]);
