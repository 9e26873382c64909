import { constants as bufferConstants } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { chromeTrace } from '../../../src/formats/chrome-trace.ts';
import { cpuprofile } from '../../../src/formats/cpuprofile.ts';
import type { Format } from '../../../src/formats/format.ts';
import { gecko } from '../../../src/formats/gecko.ts';
import { heapprofile } from '../../../src/formats/heapprofile.ts';
import { inputOf, streamed } from '../../../src/formats/input.ts';
import { profileJson } from '../../../src/formats/json.ts';
import { readInput } from '../../../src/formats/registry.ts';
import { speedscope } from '../../../src/formats/speedscope.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { profileOf } from '../../profile/profile-of.ts';
import { profileOrError, readText, written } from '../harness.ts';

const call = (functionName: string) => ({
  functionName,
  scriptId: '3',
  url: functionName.startsWith('(') ? '' : 'file:///a.js',
  lineNumber: 1,
  columnNumber: 2,
});
const at = { pid: 1, tid: 2 };
const sample = profileOf`
  [reader 1/2] main;parse{native,module=/bin/app} 1,10 @5
  [writer 1/3] main;(anonymous) /srv/app.js:3:7{app,optimized} 2,30 @9
`;
const nodes = [
  { id: 1, callFrame: call('(root)'), hitCount: 0, children: [2] },
  { id: 2, callFrame: call('f'), hitCount: 1, children: [3], positionTicks: [{ line: 1, ticks: 2 }] },
  { id: 3, callFrame: call('(idle)'), hitCount: 1 },
];
const old = (functionName: string, id: number, children: object[]) => ({
  functionName,
  url: 'a.js',
  lineNumber: 1,
  columnNumber: 2,
  id,
  hitCount: 2,
  children,
});
const heapNode = (name: string, id: number, children: object[]) => ({
  callFrame: call(name),
  selfSize: 16,
  id,
  children,
});

/** Small valid documents that use every member that a format reads. */
const documents: readonly (readonly [string, Format, object])[] = [
  [
    'cpuprofile',
    cpuprofile,
    {
      nodes,
      startTime: 1,
      endTime: 9,
      samples: [2, 3, 2],
      timeDeltas: [1, 2, 3],
      pforgeProf: { pid: 1, tid: 2, process: 'p', thread: 't' },
    },
  ],
  [
    'cpuprofile of node 8',
    cpuprofile,
    { head: old('(root)', 1, [old('f', 2, [old('g', 3, [])])]), samples: [2, 3], timestamps: [5, 9, 12] },
  ],
  ['hit counts', cpuprofile, { nodes: nodes.map(({ children: _children, ...node }, i) => ({ ...node, parent: i })) }],
  [
    'heapprofile',
    heapprofile,
    { head: heapNode('(root)', 1, [heapNode('f', 2, [])]), samples: [{ size: 16, nodeId: 2, ordinal: 1 }] },
  ],
  [
    'speedscope',
    speedscope,
    {
      $schema: 'https://www.speedscope.app/file-format-schema.json',
      profiles: [
        {
          type: 'sampled',
          name: 'a',
          unit: 'seconds',
          startValue: 0,
          endValue: 3,
          samples: [[0, 1], []],
          weights: [1, 2],
        },
        {
          type: 'evented',
          name: 'b',
          unit: 'none',
          startValue: 0,
          endValue: 9,
          events: [
            { type: 'O', frame: 1, at: 1 },
            { type: 'C', frame: 1, at: 4 },
          ],
        },
      ],
      shared: { frames: [{ name: 'f', file: 'a.js', line: 3, col: 4 }, { name: 'g' }] },
      activeProfileIndex: 1,
      exporter: 'e',
    },
  ],
  ['our speedscope', speedscope, JSON.parse(written(speedscope, sample))],
  ['our gecko', gecko, JSON.parse(written(gecko, sample))],
  [
    'what Firefox writes',
    gecko,
    {
      meta: {
        version: 30,
        processType: 0,
        interval: 1,
        product: 'Firefox',
        startTime: 5,
        categories: [{ name: 'Other' }],
      },
      libs: [{ name: 'libc', path: '/lib/libc' }],
      threads: [
        {
          ...{ name: 'GeckoMain', processType: 'tab', pid: 1, tid: '2' },
          stringTable: ['(root)', 'run (http://a.org/x.js:3:7)[12]'],
          frameTable: { schema: { location: 0, line: 1 }, data: [[0], [1, 99]] },
          stackTable: {
            schema: { prefix: 0, frame: 1 },
            data: [
              [null, 0],
              [0, 1],
            ],
          },
          samples: {
            schema: { stack: 0, time: 1, weight: 2 },
            data: [
              [1, 1.5],
              [null, 2, 3],
            ],
          },
          markers: { schema: {}, data: [[1]] },
        },
      ],
      processes: [],
    },
  ],
  [
    'events',
    chromeTrace,
    {
      traceEvents: [
        { ...at, ph: 'B', name: 'f', ts: 1, args: { url: 'file:///a.js', line: 1, column: '2' } },
        { ...at, ph: 'X', name: 'g', ts: '2', dur: 1 },
        { ...at, ph: 'E', name: 'f', ts: 9 },
        { ...at, ph: 'M', name: 'thread_name', args: { name: 'worker' } },
      ],
      displayTimeUnit: 'ms',
    },
  ],
  [
    'samples of a trace',
    chromeTrace,
    {
      traceEvents: [{ ...at, ph: 'M', name: 'process_name', args: { name: 'p' } }],
      samples: [
        { ...at, ts: 1, sf: 2 },
        { ...at, ts: '5', sf: '1' },
      ],
      stackFrames: { '1': { name: 'f', category: 'js' }, '2': { name: 'g(a.js:1:2)', parent: 1 } },
    },
  ],
  [
    'CPU profiles of a trace',
    chromeTrace,
    {
      traceEvents: [
        { ...at, ph: 'P', name: 'Profile', id: '0x1', args: { data: { startTime: 1 } } },
        {
          ...{ ...at, ph: 'P', name: 'ProfileChunk', id: '0x1' },
          args: {
            data: {
              cpuProfile: {
                nodes: nodes.map(({ id, callFrame }) => ({ id, callFrame, parent: id - 1 })),
                samples: [2, 3],
              },
              timeDeltas: [1, 5],
            },
          },
        },
        {
          ...{ ...at, ph: 'I', name: 'CpuProfile' },
          args: { data: { cpuProfile: { nodes, samples: [2, 2], timeDeltas: [1, 3], startTime: 1, endTime: 9 } } },
        },
      ],
    },
  ],
  ['json', profileJson, JSON.parse(written(profileJson, sample))],
];

const HUGE = '@1e999@';
const values: readonly unknown[] = [null, [], {}, 'x', -1, HUGE, true];

/** Every document with one of its values replaced, and the path of that value. */
function* replaced(document: object): Iterable<{ text: string; path: string }> {
  const places: { holder: Record<string, unknown>; key: string; path: string }[] = [];
  const waiting: { value: unknown; path: string }[] = [{ value: document, path: '$' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const holder = next.value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      const path = Array.isArray(holder) ? `${next.path}[${key}]` : `${next.path}.${key}`;
      places.push({ holder, key, path });
      waiting.push({ value: holder[key], path });
    }
  }
  for (const { holder, key, path } of places) {
    const kept = holder[key];
    for (const value of values) {
      holder[key] = value;
      yield { text: JSON.stringify(document).replaceAll(`"${HUGE}"`, '1e999'), path };
    }
    holder[key] = kept;
  }
}

describe.each(documents)('%s', (_name, format, document) => {
  test('is read as it is, whatever the white space', async () => {
    const profile = await readText(JSON.stringify(document), format);
    const pretty = await readText(JSON.stringify(document, null, 2), format);
    expect(totalWeight(profile)).toBeGreaterThan(0);
    expect(pretty).toEqual(profile);
  });

  test('with any value replaced by one of another type, it is a profile or one clear line', async () => {
    let refused = 0;
    for (const { text } of replaced(document)) {
      for (const chunk of [undefined, 11]) {
        const profile = await profileOrError(inputOf(text, 'x', chunk), format);
        if (!profile) refused++;
        for (let i = 0; i < (profile?.valueTypes.length ?? 0); i++) {
          const total = totalWeight(profile!, i);
          expect(total >= 0 && Number.isFinite(total), text).toBe(true);
        }
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  test('a refusal names the file and the place', async () => {
    for (const { text } of replaced(document)) {
      const error = await format.read(inputOf(text, 'x'), { list: [], add() {} }).then(
        () => undefined,
        (reason: Error) => reason,
      );
      // What is checked of our own tables as a whole is named as they are: `samples.stack[0] = 9 is not in 0 .. 3`
      if (error)
        expect(error.message).toMatch(
          /^(?:x: (?:\$|strings|frames|stacks|samples|series|a profile)|x was made by a newer)/,
        );
    }
  });

  test('cut at any byte, in any chunks', async () => {
    const bytes = Buffer.from(JSON.stringify(document));
    for (let end = 0; end < bytes.length; end++) {
      await profileOrError(inputOf(bytes.subarray(0, end), 'x', (end % 9) + 1), format);
    }
  });

  test('of more bytes than a string of V8 can have', async () => {
    const text = JSON.stringify(document);
    const start = Buffer.from('{"something":[');
    const piece = Buffer.from(`"${'x'.repeat((1 << 20) - 3)}",`);
    const pieces = Math.ceil(bufferConstants.MAX_STRING_LENGTH / piece.length) + 1;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield start;
      for (let i = 0; i < pieces; i++) yield piece;
      yield Buffer.from(`0],${text.slice(1)}`);
    }
    const input = { name: 'x', head: start, ...streamed(chunks) };
    expect(await readInput(input, { format })).toEqual(await readText(text, format));
  });
});
