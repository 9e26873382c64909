import fc from 'fast-check';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';

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
