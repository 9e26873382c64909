import { describe, expect, test } from 'vitest';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { defaultValueIndex } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { readText, refusal, written } from './harness.ts';

const call = (functionName: string, url = 'file:///a.js', lineNumber = 1, columnNumber = 1) => ({
  functionName,
  scriptId: '1',
  url,
  lineNumber,
  columnNumber,
});
const ROOT = { id: 1, callFrame: call('(root)', '', -1, -1), children: [2] as number[] };
const NODES = [ROOT, { id: 2, callFrame: call('main'), children: [3] }, { id: 3, callFrame: call('leaf') }];
const file = (parts: object = {}) =>
  JSON.stringify({ nodes: NODES, startTime: 0, endTime: 1000, samples: [2, 3, 3], timeDeltas: [1, 2, 3], ...parts });
const read = (text: string | Uint8Array) => readText(text, cpuprofile);

describe('reading', () => {
  test("a sample's time is the time until the next; the last one ends with the recording", async () => {
    const profile = await read(file());
    expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'cpu']);
    expect(linesOf(profile)).toEqual([
      'main /a.js:2:2 2000',
      'main /a.js:2:2;leaf /a.js:2:2 3000',
      'main /a.js:2:2;leaf /a.js:2:2 994000',
    ]);
    expect([...profile.samples.time!]).toEqual([1000, 3000, 6000]);
    expect(profile.meta.notes).toEqual([]);
  });

  test('lines and columns become 1-based, URLs paths, and -1 unknown', async () => {
    const nodes = [
      { ...ROOT, children: [2, 3, 4] },
      { id: 2, callFrame: call('', 'file:///a%20b/c.js', 0, 0) },
      { id: 3, callFrame: call('push', '', -1, -1) },
      { id: 4, callFrame: call('run', 'node:internal/x', -1, -1) },
    ];
    const profile = await read(file({ nodes, samples: [2, 3, 4] }));
    expect(linesOf(profile, 0)).toEqual(['(anonymous) /a b/c.js:1:1 1', 'push 1', 'run node:internal/x 1']);
  });

  test('idle time is left out and told; program and garbage collector stay', async () => {
    const nodes = [
      { ...ROOT, children: [2, 3, 4] },
      ...['(program)', '(idle)', '(garbage collector)'].map((name, i) => ({ id: i + 2, callFrame: call(name, '') })),
    ];
    const profile = await read(file({ nodes, samples: [2, 3, 4], timeDeltas: [0, 100, 700] }));
    expect(linesOf(profile)).toEqual(['(program) 100000', '(garbage collector) 200000']);
    expect(profile.counters).toEqual([{ name: 'idle', unit: 'nanoseconds', value: 700_000, supported: true }]);
  });

  test('the thread that our preload writes', async () => {
    const own = { pid: 7, tid: 9, process: 'node', thread: 'worker 1' };
    const profile = await read(file({ pforgeProf: own }));
    expect(profile.threads).toEqual([{ pid: 7, tid: 9, process: 'node', name: 'worker 1' }]);
    expect([...profile.samples.thread!]).toEqual([0, 0, 0]);
    expect((await read(file())).threads).toEqual([]);
    expect(await refusal(read(file({ pforgeProf: { pid: '7' } })))).toContain('$.pforgeProf.pid: expected a number');
  });

  test('without times: samples only; without samples: hit counts', async () => {
    const untimed = await read(JSON.stringify({ nodes: NODES, samples: [2, 3, 3] }));
    expect(untimed.valueTypes).toEqual([{ type: 'samples', unit: 'count' }]);
    const hits = NODES.map((node, i) => ({ ...node, hitCount: i * 2 }));
    const counted = await read(JSON.stringify({ nodes: hits }));
    expect(linesOf(counted)).toEqual(['main /a.js:2:2 2', 'main /a.js:2:2;leaf /a.js:2:2 4']);
    expect(counted.meta.notes).toEqual(['no samples over time, only hit counts: weights are samples, not time']);
  });

  test('callers by `parent`, and in any order', async () => {
    const nodes = [
      { id: 3, callFrame: call('leaf'), parent: 2 },
      { id: 2, callFrame: call('main'), parent: 1 },
      { id: 1, callFrame: call('(root)', '') },
    ];
    expect(linesOf(await read(file({ nodes })))).toEqual(linesOf(await read(file())));
  });

  test('the nested tree of node 8 and older', async () => {
    const old = (functionName: string, id: number, children: object[] = []) => ({
      functionName,
      url: 'a.js',
      lineNumber: 4,
      id,
      hitCount: 1,
      children,
    });
    const head = { ...old('(root)', 1, [old('main', 2, [old('leaf', 3)])]), url: '' };
    const text = JSON.stringify({ head, startTime: 1, endTime: 2, samples: [2, 3], timestamps: [5000, 5100] });
    expect(linesOf(await read(text))).toEqual(['main a.js:4 100000', 'main a.js:4;leaf a.js:4 100000']);
  });

  test('a byte order mark and UTF-16', async () => {
    const expected = linesOf(await read(file()));
    expect(linesOf(await read(`\ufeff${file()}`))).toEqual(expected);
    expect(linesOf(await read(Buffer.from(`\ufeff${file()}`, 'utf16le')))).toEqual(expected);
  });
});

describe('repairs, each with a note', () => {
  test('negative deltas: the clock stands still until it has caught up', async () => {
    const profile = await read(file({ samples: [2, 3, 2, 3], timeDeltas: [5, -3, 4, -100] }));
    expect([...profile.samples.values[1]!]).toEqual([0, 1000, 0, 994000]);
    expect(profile.meta.notes).toEqual(['negative timeDeltas, counted as 0: 2']);
  });

  test('too few and too many deltas', async () => {
    const few = await read(file({ samples: [2, 3, 3, 3], timeDeltas: [1] }));
    expect(few.meta.notes).toEqual(['timeDeltas: 1, samples: 4; the others are given the average']);
    expect(totalWeight(few)).toBe(999_000);
    const many = await read(file({ samples: [2], timeDeltas: [1, 2, 3] }));
    expect(many.meta.notes).toEqual(['timeDeltas: 3, samples: 1; what is too much is left out']);
  });

  test('samples and children of nodes that do not exist', async () => {
    const samples = await read(file({ samples: [2, 99, 3] }));
    expect(samples.meta.notes).toEqual([
      'samples of nodes that do not exist, left without a stack: 1, first $.samples[1] = 99',
    ]);
    expect(samples.samples.stack[1]).toBe(-1);
    const children = await read(file({ nodes: [{ ...ROOT, children: [2, 77] }, ...NODES.slice(1)] }));
    expect(children.meta.notes).toEqual([
      'references to nodes that do not exist, left out: 1, first $.nodes[0].children[1] = 77',
    ]);
  });

  test('an end that is missing or too early: the last sample is as long as the average', async () => {
    expect(totalWeight(await read(file({ endTime: undefined, timeDeltas: [0, 10, 20] })))).toBe(45_000);
    expect(totalWeight(await read(file({ endTime: 5, timeDeltas: [0, 10, 20] })))).toBe(45_000);
  });

  test('a start beyond 2^53 costs no precision', async () => {
    const text = file({ startTime: 'START', endTime: 'END' })
      .replace('"START"', '9007199254740993')
      .replace('"END"', '1');
    expect(totalWeight(await read(text))).toBe(2000 + 3000 + 2500);
  });
});

describe('refused, naming the place', () => {
  test.each([
    ['$: expected an object, found null', 'null'],
    ['$: expected an object, found an array', '[]'],
    ['$: expected an object, found the number 42', '42'],
    ['$: expected an object, found a string', '"x"'],
    ['$: expected an object, found an array', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['line 1, column 21: the JSON ends too early', '{"nodes":[{"id":1,"ca'.slice(0, 20)],
    ['line 2, column 3: this is not valid JSON', '{\n  nodes: 1}'],
    ['$.nodes: expected an array, found null', '{"nodes":null,"samples":null,"timeDeltas":null}'],
    ['$.nodes: expected an array, found nothing', '{}'],
    ['$.nodes: there is no node', file({ nodes: [] })],
    ['$.nodes[0]: expected an object, found the number 3', file({ nodes: [3] })],
    ['$.nodes[0].callFrame: expected an object, found nothing', file({ nodes: [{ id: 1 }] })],
    [
      '$.nodes[0].callFrame.functionName: expected a string, found nothing',
      file({ nodes: [{ id: 1, callFrame: {} }] }),
    ],
    ['$.nodes[0].id: expected a number, found a string', file({ nodes: [{ ...ROOT, id: '1' }] })],
    ['$.nodes[3].id: 3 is the id of $.nodes[2] already', file({ nodes: [...NODES, NODES[2]] })],
    ['$.nodes[0].children: expected an array, found a string', file({ nodes: [{ ...ROOT, children: 'x' }] })],
    ['$.nodes[0].children[0]: expected a number, found a string', file({ nodes: [{ ...ROOT, children: ['2'] }] })],
    ['$.nodes[0]: the node is its own caller (a cycle)', file({ nodes: [{ ...ROOT, children: [1] }] })],
    [
      '$.nodes[2].children[0]: node 2 has two callers',
      file({ nodes: [...NODES.slice(0, 2), { ...NODES[2], children: [2] }] }),
    ],
    [
      '$.nodes[1]: the node is its own caller (a cycle)',
      file({ nodes: [{ ...ROOT, children: [] }, NODES[1], { ...NODES[2], children: [2] }] }),
    ],
    ['$.samples[0]: expected a number, found a string', file({ samples: ['2'] })],
    ['$.timeDeltas[0]: 1e+308 is no time in microseconds', file({ timeDeltas: [1e308, 1e308, 1] })],
    ['$.timeDeltas[1]: expected a number, found null', file({ timeDeltas: [1, null, 1] })],
    ['$.endTime: expected a number, found a string', file({ endTime: 'soon' })],
    ['$.nodes[0].hitCount: -1 is negative', file({ nodes: [{ ...ROOT, hitCount: -1 }] })],
  ])('%s', async (message, text) => {
    expect(await refusal(read(text))).toMatch(new RegExp(`^x: ${message.replace(/[$.[\]()+*]/g, '\\$&')}`));
  });
});

test('names of prototypes are names, and nothing is polluted', async () => {
  const text = file({
    nodes: [ROOT, { id: 2, callFrame: call('__proto__', '__proto__') }],
    samples: [2, 2, 2],
  }).replace('{"nodes"', '{"__proto__":{"polluted":1},"nodes"');
  expect(linesOf(await read(text))[0]).toBe('__proto__ __proto__:2:2 2000');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  ['as many', 200_000, 200_000],
  ['a few more', 200_000, 205_000],
  ['far more', 100_000, 350_000],
  ['fewer', 400_000, 150_000],
  ['none of a number that cannot be', 1e300, 3],
])('samples: %s than their nodes have counted', async (_what, hits, count) => {
  const samples = Array.from({ length: count }, (_, i) => 2 + (i % 2));
  const rest = { samples, timeDeltas: samples.map((_, i) => (i % 70_001 === 5 ? 0.5 : 3)), endTime: 9e6 };
  const counted = await read(file({ ...rest, nodes: NODES.map((node) => ({ ...node, hitCount: hits / 2 })) }));
  expect(counted).toEqual(await read(file(rest)));
  expect(counted.samples.length).toBe(count);
});

test('a call chain of 100,000 functions', async () => {
  const nodes = Array.from({ length: 100_000 }, (_, i) => ({
    id: i + 1,
    callFrame: call(i === 0 ? '(root)' : 'f', i === 0 ? '' : 'file:///a.js'),
    children: i < 99_999 ? [i + 2] : [],
  }));
  const profile = await read(file({ nodes, samples: [100_000, 50_000, 1] }));
  expect(profile.stacks.length).toBe(99_999);
  expect(totalWeight(profile)).toBe(999_000);
});

describe('writing', () => {
  const parse = (text: string) => JSON.parse(text);

  test('the shape that DevTools reads: one root, 0-based lines, times until the next sample', () => {
    const profile = profileOf`
      main;(anonymous) /a b.js:1:2 1,2000
      main 1,3000
      push 1,1500
    `;
    expect(parse(written(cpuprofile, profile))).toEqual({
      nodes: [
        { id: 1, callFrame: call('(root)', '', -1, -1), hitCount: 0, children: [2, 4, 5] },
        { id: 2, callFrame: call('main', '', -1, -1), hitCount: 1, children: [3] },
        { id: 3, callFrame: call('', 'file:///a%20b.js', 0, 1), hitCount: 1 },
        { id: 4, callFrame: call('push', '', -1, -1), hitCount: 1 },
        { id: 5, callFrame: call('(idle)', '', -1, -1), hitCount: 1 },
      ].map((node) => ({ ...node, callFrame: { ...node.callFrame, scriptId: expect.any(String) } })),
      startTime: 0,
      endTime: 7,
      samples: [3, 2, 4, 5],
      timeDeltas: [0, 2, 3, 2],
    });
  });

  test('weights that are no time become a millisecond a sample, rounding never adds up', async () => {
    expect(parse(written(cpuprofile, profileOf('a 3\nb 1'))).timeDeltas).toEqual([0, 3000, 1000]);
    const thirds = profileOf(Array.from({ length: 999 }, (_, i) => `f${i} 1,333`).join('\n'));
    expect(parse(written(cpuprofile, thirds)).endTime).toBe(333);
    const again = await read(written(cpuprofile, thirds));
    expect(totalWeight(again, defaultValueIndex(again))).toBe(333_000);
  });

  test('a thread alone keeps its names; a sample without a stack is the root', async () => {
    const profile = profileOf`
      [worker 12/13] main 1,2000
      [worker 12/13] 1,1000
    `;
    const again = await read(written(cpuprofile, profile));
    expect(again.threads).toEqual(profile.threads);
    expect([...again.samples.stack]).toEqual([0, -1]);
  });

  test('large profiles come in pieces', async () => {
    const profile = profileOf(Array.from({ length: 10_000 }, (_, i) => `f${i};g 1,1000`).join('\n'));
    const chunks = [...cpuprofile.write!(profile)];
    expect(chunks.length).toBeGreaterThan(5);
    expect(linesOf(await read(chunks.join('')))).toEqual(linesOf(profile));
  });
});
