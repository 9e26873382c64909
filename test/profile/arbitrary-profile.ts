import fc from 'fast-check';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { IDLE_COUNTER, KINDS, type Profile, TIERS, type ValueType } from '../../src/profile/profile.ts';

/** Names that break tools: keys of Object.prototype, nothing, separators, invalid UTF-8, half a surrogate pair. */
export const oddNames = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '',
  ' ',
  'a b',
  'a;b',
  'a\nb',
  '[unknown]',
  '(anonymous)',
  '\uFFFD\uFFFD',
  '\uD800',
  'f\uDC00',
  '😀',
  'std::map<int, void (*)(int)>::operator[]',
  '<script>&amp;"\'',
];

const word = fc.oneof(fc.constantFrom('main', 'parse', 'work', 'read', 'write'), fc.constantFrom(...oddNames));

const frameWords = fc.record({
  name: word,
  file: fc.constantFrom('', '', '/app/a.js', 'node:fs'),
  line: fc.constantFrom(0, 1, 20),
  column: fc.constantFrom(0, 5),
  module: fc.constantFrom('', 'libc.so.6'),
  kind: fc.constantFrom(...KINDS),
  tier: fc.constantFrom(...TIERS),
});

const thread = fc.record({
  pid: fc.integer({ min: -1, max: 2 }),
  tid: fc.integer({ min: -1, max: 2 }),
  process: fc.constantFrom('', 'node'),
  name: fc.constantFrom('', 'node', 'V8 Worker', 'main', '__proto__'),
});

const valueTypes = fc.constantFrom(
  [{ type: 'samples', unit: 'count' }],
  [{ type: 'cpu', unit: 'nanoseconds' }],
  [
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ],
  [
    { type: 'cpu', unit: 'nanoseconds' },
    { type: 'cpu', unit: 'nanoseconds' },
  ],
);

/** Profiles with recursion, shared callers, samples without a stack, weights of 0, threads and times or none. */
export const arbitraryProfile: fc.Arbitrary<Profile> = valueTypes.chain((types) =>
  fc
    .record({
      frames: fc.array(frameWords, { minLength: 1, maxLength: 6 }),
      threads: fc.array(thread, { minLength: 1, maxLength: 4 }),
      timed: fc.boolean(),
      threaded: fc.boolean(),
      samples: fc.array(
        fc.record({
          path: fc.array(fc.nat(5), { maxLength: 8 }),
          values: fc.array(fc.oneof(fc.nat(20), fc.nat(2 ** 40)), { minLength: types.length, maxLength: types.length }),
          time: fc.nat(1000),
          thread: fc.integer({ min: -1, max: 3 }),
        }),
        { maxLength: 20 },
      ),
    })
    .map(({ frames, threads, timed, threaded, samples }) => {
      const builder = new ProfileBuilder(types);
      const frameIds = frames.map((words) => builder.frame(words));
      const threadIds = threads.map((words) => builder.thread(words));
      for (const sample of samples) {
        let stack = -1;
        for (const step of sample.path) stack = builder.stack(stack, frameIds[step % frameIds.length]!);
        const id = sample.thread < 0 ? -1 : threadIds[sample.thread % threadIds.length]!;
        builder.sample(stack, sample.values, timed ? sample.time : undefined, threaded ? id : undefined);
      }
      return builder.build();
    }),
);

/** Names that mean something to one of the formats, or to what reads their bytes. */
const nastyNames = [
  '(root)',
  '(idle)',
  '(program)',
  '(garbage collector)',
  '# comment',
  '#',
  '#private',
  'f 12',
  'f 3 4',
  'a /x/y.js:1:2',
  'tab\there',
  'two\r\nlines',
  ' blank ',
  'nul\0',
  '\uFEFFbom',
  '\u2028\u2029\u0085',
  '\u202Ertl',
  'a:b:12',
  '"}],"nodes":[',
  'x'.repeat(300),
];

const types: readonly ValueType[] = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
  { type: 'cpu-clock', unit: 'nanoseconds' },
  { type: 'wall', unit: 'milliseconds' },
  { type: 'time', unit: 'microseconds' },
  { type: 'delay', unit: 'seconds' },
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'cycles', unit: 'count' },
  { type: 'odd type', unit: 'light years' },
];

const anyFrame = fc.record({
  name: fc.oneof(word, fc.constantFrom(...nastyNames), fc.string({ unit: 'binary', maxLength: 6 })),
  file: fc.constantFrom(
    '',
    '',
    '/app/a.js',
    'node:fs',
    '/b c/\u00E4%20#?.ts',
    '/src/../x.c',
    'rel/y.cc',
    'https://x.org/z.js',
  ),
  line: fc.constantFrom(0, 1, 20, 2 ** 31 - 2),
  column: fc.constantFrom(0, 5),
  module: fc.constantFrom('', '', 'libc.so.6', '[kernel.kallsyms]', '/usr/bin/a b'),
  kind: fc.constantFrom(...KINDS),
  tier: fc.constantFrom('none', 'none', ...TIERS),
});

const anyThread = fc.record({
  pid: fc.constantFrom(-1, 0, 7, 8, 2 ** 31),
  tid: fc.constantFrom(-1, 0, 7, 9),
  process: fc.constantFrom('', 'node', 'a;b', 'p\n'),
  name: fc.constantFrom('', 'main', 'V8 Worker', '__proto__', '\uD800'),
});

/** Fractions, and all that a weight can be to 2^53. */
const anyWeight = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5000) },
  { weight: 2, arbitrary: fc.nat(80).map((eighths) => eighths / 8) },
  { weight: 1, arbitrary: fc.double({ min: 1e-3, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.nat(2 ** 50) },
  { weight: 1, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
);

/** How times come: none; one after the other with idle time between; any. */
const timing = fc.constantFrom('none', 'in turn', 'any');

/**
 * Profiles with all that the model can hold at once: several weights with units, every column of frames, names that
 * mean something elsewhere, several threads and processes, times, samples without a stack, deep stacks, counters,
 * series, facts of the recording. A weight's total is at most 2^53.
 */
export const anyProfile: fc.Arbitrary<Profile> = fc
  .record({
    valueTypes: fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 3 }),
    frames: fc.array(anyFrame, { minLength: 1, maxLength: 6 }),
    threads: fc.array(anyThread, { minLength: 1, maxLength: 3 }),
    threading: fc.constantFrom('none', 'one', 'any'),
    timing,
    whole: fc.boolean(),
    idle: fc.constantFrom(0, 5_000_000),
    counters: fc.boolean(),
    series: fc.boolean(),
    meta: fc.record(
      {
        command: fc.constantFrom(['node', 'a b.js'], ['x']),
        host: fc.constant('h'),
        startTime: fc.constant(1.7e12),
        duration: fc.constantFrom(5e9, 123),
        sampleInterval: fc.constantFrom(1e6, 1001001),
      },
      { requiredKeys: [] },
    ),
    samples: fc.array(
      fc.record({
        path: fc.oneof(
          { weight: 9, arbitrary: fc.array(fc.nat(5), { maxLength: 8 }) },
          { weight: 1, arbitrary: fc.constant(Array.from({ length: 3000 }, (_, i) => i % 6)) },
        ),
        values: fc.array(anyWeight, { minLength: 3, maxLength: 3 }),
        time: fc.nat(2 ** 40),
        gap: fc.nat(3000),
        thread: fc.integer({ min: -1, max: 3 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map((drawn) => {
    const { valueTypes: drawnTypes, threading, samples, whole } = drawn;
    const builder = new ProfileBuilder(drawnTypes);
    const frameIds = drawn.frames.map((words) => builder.frame(words));
    const threadIds = threading === 'none' ? [] : drawn.threads.map((words) => builder.thread(words));
    const left = drawnTypes.map(() => Number.MAX_SAFE_INTEGER);
    let clock = 1_000_000;
    for (const sample of samples) {
      let stack = -1;
      for (const step of sample.path) stack = builder.stack(stack, frameIds[step % frameIds.length]!);
      const values = drawnTypes.map((_, i) => {
        const weight = Math.min(left[i]!, whole ? Math.floor(sample.values[i]!) * 1000 : sample.values[i]!);
        left[i]! -= Math.ceil(weight);
        return weight;
      });
      const time = drawn.timing === 'any' ? sample.time : clock;
      clock += Math.ceil(values.at(-1)!) + (drawn.idle > 0 ? sample.gap * 1000 : 0);
      const thread = threading === 'one' ? 0 : sample.thread;
      const threadId = threading === 'none' || thread < 0 ? undefined : threadIds[thread % threadIds.length];
      builder.sample(stack, values, drawn.timing === 'none' ? undefined : time, threadId);
    }
    return builder.build(
      { ...drawn.meta, notes: [] },
      {
        counters: [
          ...(drawn.idle > 0 ? [{ name: IDLE_COUNTER, unit: 'nanoseconds', value: drawn.idle, supported: true }] : []),
          ...(drawn.counters ? [{ name: 'cycles', unit: '', value: 12, supported: true }] : []),
        ],
        series: drawn.series
          ? [{ name: 'rss', unit: 'bytes', time: Float64Array.of(0, 1), value: Float64Array.of(7, 8) }]
          : [],
      },
    );
  });
