import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGeckoLocation } from '../../src/formats/gecko/location.ts';
import { gecko } from '../../src/formats/gecko.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { KINDS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf } from '../profile/profile-of.ts';
import { profileOrError, readText, refusal } from './harness.ts';

const PEER = resolve(import.meta.dirname, '../../../shared/peer-data/gecko/63/simple-firefox.json');
const peer = existsSync(PEER);
if (!peer) console.log('gecko peer data is not here: that test is skipped');

const read = (file: unknown) => readText(JSON.stringify(file), gecko);
// biome-ignore lint/suspicious/noExplicitAny: files are broken by changing any place of a JSON tree
type Json = Record<string, any>;

const STRINGS = ['(root)', 'main', 'run', 'https://a.org/x.js', 'libc.so.6', 'tiny'];
/** The tables as versions 41 to 55 have them, in each thread. */
const tables = () => ({
  stringArray: STRINGS,
  stackTable: { length: 4, frame: [0, 1, 2, 3], prefix: [null, 0, 1, 2], category: [0, 0, 0, 0] },
  frameTable: {
    length: 4,
    func: [0, 1, 2, 3],
    address: [-1, -1, 16, 16],
    inlineDepth: [0, 0, 0, 1],
    line: [null, 7, null, null],
    category: [0, 0, 1, null],
  },
  funcTable: {
    length: 4,
    name: [0, 1, 2, 5],
    isJS: [false, true, false, false],
    resource: [-1, -1, 0, 0],
    fileName: [null, 3, null, null],
    lineNumber: [null, 5, null, null],
    columnNumber: [null, 2, null, null],
  } as Json,
  resourceTable: { length: 1, lib: [0], name: [4], host: [null], type: [1] } as Json,
});
const meta = (version: number) => ({
  preprocessedProfileVersion: version,
  interval: 2,
  startTime: 1.5e12,
  product: 'Firefox',
  processType: 0,
  categories: [
    { name: 'Other', color: 'grey' },
    { name: 'Other 2', color: 'blue' },
  ],
});
const samples = () =>
  ({ length: 3, stack: [3, 1, null], time: [1, 3.5, 4], weight: null, weightType: 'samples' }) as Json;
const thread = (more: Json = {}) => ({
  name: 'GeckoMain',
  processName: 'Web',
  pid: '12',
  tid: 13,
  markers: { length: 2, data: [null, null] },
  samples: samples(),
  ...more,
});
const libs = [{ name: 'libc.so.6', path: '/usr/lib/libc.so.6', debugName: 'libc' }];
const v48 = (change: (file: Json) => void = () => {}): Json => {
  const file = { meta: meta(48), libs, threads: [thread(tables())] };
  change(file);
  return file;
};
const v70 = (): Json => {
  const { stringArray, stackTable, frameTable, funcTable, resourceTable } = tables();
  const { fileName: _fileName, ...func } = funcTable;
  const { lib: _lib, ...resource } = resourceTable;
  return {
    meta: meta(70),
    libs,
    shared: {
      stringArray,
      stackTable: { length: 4, frame: stackTable.frame, prefixOffset: [0, 1, 1, 1] },
      frameTable: { ...frameTable, lib: [-1, -1, 0, 0] },
      funcTable: { ...func, source: [null, 0, null, null] },
      resourceTable: resource,
      sources: { length: 1, id: [null], filename: [3] },
    },
    threads: [thread({ samples: { ...samples(), time: undefined, timeDeltas: [1, 2.5, 0.5] } })],
  };
};

describe('reading', () => {
  test.each([
    ['48: tables in each thread', v48()],
    ['70: shared tables, offsets, sources, time deltas', v70()],
  ])('version %s', async (_title, file) => {
    const profile = await read(file);
    checkProfile(profile);
    expect(profile.valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
    expect(linesOf(profile)).toEqual(['main https://a.org/x.js:5:2;run;tiny 1', 'main https://a.org/x.js:5:2 1', '1']);
    const [, main, run, tiny] = Array.from(profile.frames.kind, (kind) => KINDS[kind]);
    expect([main, run, tiny]).toEqual(['app', 'native', 'inlined']);
    expect(profile.strings[profile.frames.module[2]!]).toBe('/usr/lib/libc.so.6');
    expect(profile.threads).toEqual([{ pid: 12, tid: 13, process: 'Web', name: 'GeckoMain' }]);
    expect([...profile.samples.time!]).toEqual([1e6, 3.5e6, 4e6]);
    const { tool, startTime, sampleInterval, notes } = profile.meta;
    expect({ tool, startTime, sampleInterval }).toEqual({ tool: 'Firefox', startTime: 1.5e12, sampleInterval: 2e6 });
    expect(notes).toEqual(['markers left out: 2']);
  });

  test('what is left out is told', async () => {
    const profile = await read(
      v48((file) => {
        file.counters = [{}];
        Object.assign(file.threads[0], { jsAllocations: {} });
        file.threads[0].samples.threadCPUDelta = [1, 2, 3];
      }),
    );
    expect(profile.meta.notes).toEqual([
      'markers left out: 2',
      'allocations left out: only samples are read',
      'CPU time of samples (threadCPUDelta) left out: weights are as the viewer counts them',
      'counters left out',
    ]);
  });

  test('weights in milliseconds and bytes', async () => {
    const timed = v48((file) =>
      Object.assign(file.threads[0].samples, { weightType: 'tracing-ms', weight: [1, 0.25, 2] }),
    );
    const profile = await read(timed);
    expect(profile.valueTypes).toEqual([{ type: 'time', unit: 'nanoseconds' }]);
    expect(totalWeight(profile)).toBe(3.25e6);
    const both = await read(
      v48((file) =>
        file.threads.push({ ...thread(tables()), samples: { ...samples(), weightType: 'bytes', weight: [1, 2, 3] } }),
      ),
    );
    expect(both.valueTypes.map(({ unit }) => unit)).toEqual(['bytes', 'count']);
    expect([totalWeight(both, 0), totalWeight(both)]).toEqual([6, 3]);
  });

  test('what was allocated, where there are no samples; beside samples it is left out', async () => {
    const allocations = { length: 2, stack: [3, 1], time: [0, 0], weight: [100, 28], weightType: 'bytes' };
    const none = { length: 0, stack: [], time: [], weight: null, weightType: 'samples' };
    const only = await read(
      v48((file) => Object.assign(file.threads[0], { samples: none, nativeAllocations: allocations })),
    );
    expect(only.valueTypes).toEqual([{ type: 'space', unit: 'bytes' }]);
    expect(totalWeight(only)).toBe(128);
    expect(only.meta.notes.join()).not.toMatch(/allocations/);
    const beside = await read(v48((file) => Object.assign(file.threads[0], { nativeAllocations: allocations })));
    expect(beside.valueTypes.map(({ unit }) => unit)).toEqual(['count']);
    expect(beside.meta.notes).toContain('allocations left out: only samples are read');
    const broken = read(
      v48((file) =>
        Object.assign(file.threads[0], { samples: none, nativeAllocations: { ...allocations, weight: [1, -2] } }),
      ),
    );
    await expect(broken).rejects.toThrow('$.threads[0].nativeAllocations.weight[1]: -2 is negative');
  });

  test('as Firefox writes it: rows with a schema, processes nested', async () => {
    const raw = (name: string, processes: unknown[]): Json => ({
      meta: { version: 30, processType: 0, interval: 1, product: 'Firefox' },
      libs: [],
      threads: [
        {
          name,
          processType: 'tab',
          pid: 1,
          tid: 2,
          stringTable: ['(root)', 'run (http://a.org/x.js:3:7)[12]', 'js::RunScript'],
          frameTable: { schema: { location: 0, line: 1 }, data: [[0], [1, 99], [2]] },
          stackTable: {
            schema: { prefix: 0, frame: 1 },
            data: [
              [null, 0],
              [0, 1],
              [1, 2],
            ],
          },
          samples: {
            schema: { stack: 0, time: 1 },
            data: [
              [2, 1.5],
              [1, 2],
            ],
          },
          markers: { schema: {}, data: [] },
        },
      ],
      processes,
    });
    const profile = await read(raw('a', [raw('b', [])]));
    checkProfile(profile);
    expect(linesOf(profile).slice(0, 2)).toEqual([
      'run http://a.org/x.js:3:7;js::RunScript 1',
      'run http://a.org/x.js:3:7 1',
    ]);
    expect(profile.threads.map(({ name }) => name)).toEqual(['a', 'b']);
    expect([...profile.samples.time!]).toEqual([1.5e6, 2e6, 1.5e6, 2e6]);
  });

  test.each([
    ['run (http://a.org/x.js:3:7)', 'run', 'http://a.org/x.js', 3, 7],
    ['get (resource://a.js -> resource://b.js:187:9)', 'get', 'resource://b.js', 187, 9],
    ['http://a.org/x.js:30:11', '', 'http://a.org/x.js', 30, 11],
    ['bound (self-hosted:951:0)', 'bound', 'self-hosted', 951, 0],
    ['f (g) (file:///a b.js:1:2)', 'f (g)', 'file:///a b.js', 1, 2],
    ['nsRefreshDriver::Tick(int)', 'nsRefreshDriver::Tick(int)', undefined, undefined, undefined],
    ['(root)', '(root)', undefined, undefined, undefined],
    ['GC (reason: alloc)', 'GC (reason: alloc)', undefined, undefined, undefined],
    ['run (https://a.org/)', 'run', 'https://a.org/', 0, 0],
    ['0x7f12', '0x7f12', undefined, undefined, undefined],
  ])('location %s', (location, name, file, line, column) => {
    expect(parseGeckoLocation(location)).toMatchObject({ name, ...(file === undefined ? {} : { file, line, column }) });
  });
});

describe('refused, naming the place', () => {
  const bad = (change: (file: Json) => void) => refusal(read(v48(change)));
  test.each<[string, (file: Json) => void]>([
    ['$.meta: expected an object, found nothing', (file) => delete file.meta],
    ['$.threads: expected an array, found nothing', (file) => delete file.threads],
    ['$.threads: there is no thread', (file) => file.threads.splice(0)],
    [
      '$.threads[0].stringArray[1]: expected a string, found the number 1',
      (file) => (file.threads[0].stringArray = ['', 1]),
    ],
    [
      '$.threads[0].stackTable.prefix[1]: there is no row 9, only 4',
      (file) => (file.threads[0].stackTable.prefix[1] = 9),
    ],
    [
      '$.threads[0].stackTable.prefix[1]: the stack is its own caller (a cycle)',
      (file) => (file.threads[0].stackTable.prefix[1] = 2),
    ],
    [
      '$.threads[0].stackTable.frame[0]: the stack has no frame',
      (file) => (file.threads[0].stackTable.frame[0] = null),
    ],
    [
      '$.threads[0].stackTable.frame[0]: expected a number, found a string',
      (file) => (file.threads[0].stackTable.frame[0] = '0'),
    ],
    [
      '$.threads[0].frameTable.func[0]: there is no row 0.5, only 4',
      (file) => (file.threads[0].frameTable.func[0] = 0.5),
    ],
    [
      '$.threads[0].frameTable.func[0]: the frame has no function',
      (file) => (file.threads[0].frameTable.func[0] = null),
    ],
    ['$.threads[0].funcTable.name[1]: there is no row 99, only 6', (file) => (file.threads[0].funcTable.name[1] = 99)],
    [
      '$.threads[0].resourceTable.lib[0]: there is no row 5, only 1',
      (file) => (file.threads[0].resourceTable.lib[0] = 5),
    ],
    ['$.threads[0].samples: expected an object, found nothing', (file) => delete file.threads[0].samples],
    ['$.threads[0].samples.stack[0]: there is no row 4, only 4', (file) => (file.threads[0].samples.stack[0] = 4)],
    ['$.threads[0].samples.weight[0]: -1 is negative', (file) => (file.threads[0].samples.weight = [-1, 0, 0])],
    ["$.threads[0].samples.weightType: 'x' is not known", (file) => (file.threads[0].samples.weightType = 'x')],
    [
      '$.threads[0].samples.time[0]: expected a number, found a string',
      (file) => (file.threads[0].samples.time[0] = 'x'),
    ],
    ['$.threads[0].samples: its weights or times are too big', (file) => (file.threads[0].samples.time[0] = 1e308)],
  ])('%s', async (message, change) => {
    expect(await bad(change)).toContain(`x: ${message}`);
  });

  test('any value replaced: a profile or one clear line', async () => {
    for (const file of [v48(), v70()]) {
      const text = JSON.stringify(file);
      const values = [...text.matchAll(/(?<=[:[,])(?:-?[\d.e+]+|null|true|false|"[^"]*")(?=[,\]}])/g)];
      for (const { index, 0: value } of values) {
        for (const other of ['-1', '1e9', 'null', '"x"', '[]', '{}']) {
          const changed = text.slice(0, index) + other + text.slice(index + value.length);
          await profileOrError(inputOf(changed, 'x'), gecko);
        }
      }
    }
  });
});

describe.runIf(peer)("Firefox 63's developer tools", () => {
  test('simple-firefox.json', async () => {
    const bytes = readFileSync(PEER);
    expect(detectFormat(inputOf(bytes, 'x'))).toBe(gecko);
    const profile = await readText(bytes);
    checkProfile(profile);
    expect(profile.samples.length).toBe(39);
    expect(totalWeight(profile)).toBe(39);
    expect(profile.threads).toEqual([{ pid: 32922, tid: 7051856, process: 'tab', name: 'GeckoMain' }]);
    expect(profile.meta.notes).toEqual(['markers left out: 9']);
    const alpha = linesOf(profile).filter((line) => line.includes('alpha http://localhost:8000/simple.js:1:14'));
    expect(alpha.length).toBeGreaterThan(0);
    expect(alpha[0]).toMatchInlineSnapshot(
      `"XRE_InitChildProcess;nsIncrementalStreamLoader::OnStopRequest;AutoEntryScript <script> element;nsJSUtils::ExecutionContext;js::RunScript;alpha http://localhost:8000/simple.js:1:14;delta http://localhost:8000/simple.js:14:14;gamma http://localhost:8000/simple.js:20:14 1"`,
    );
  });
});
