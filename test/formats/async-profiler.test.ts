import { expect, test } from 'vitest';
import { folded } from '../../src/formats/folded.ts';
import { KINDS } from '../../src/profile/profile.ts';
import { unknownShare } from '../../src/profile/unknown.ts';
import { readText, written } from './harness.ts';

/** As async-profiler writes it with `-o collapsed -t -a` (its docs/OutputFormats.md and docs/ProfilerOptions.md). */
const COLLAPSED = [
  '[ForkJoinPool-1-worker-3 tid=4712];java/lang/Thread.run_[j];com/acme/Table$Row.sort_[1];com/acme/Table.lambda$get$0_[i];__memcpy 7',
  '[main tid=4711];JavaMain;std::vector<int>::push_back(int&&) 3',
  '[main tid=4711];java/lang/Thread.run_[0];sun/nio/ch/FileDispatcherImpl.read0_[j];do_syscall_64_[k] 12',
].join('\n');

test("async-profiler's suffixes are kinds, its threads are no nameless modules", async () => {
  const profile = await readText(`${COLLAPSED}\n`);
  const kinds = new Map(
    Array.from(profile.frames.name, (name, i) => [profile.strings[name]!, KINDS[profile.frames.kind[i]!]!]),
  );
  expect(Object.fromEntries(kinds)).toEqual({
    '[ForkJoinPool-1-worker-3 tid=4712]': 'unknown',
    '[main tid=4711]': 'unknown',
    'java/lang/Thread.run_[j]': 'jit',
    'java/lang/Thread.run_[0]': 'jit',
    'com/acme/Table$Row.sort_[1]': 'jit',
    'com/acme/Table.lambda$get$0_[i]': 'inlined',
    'sun/nio/ch/FileDispatcherImpl.read0_[j]': 'jit',
    'do_syscall_64_[k]': 'kernel',
    __memcpy: 'unknown',
    JavaMain: 'unknown',
    'std::vector<int>::push_back(int&&)': 'native',
  });
  expect(unknownShare(profile).any).toBe(0);
});

test('and pass through unchanged', async () => {
  expect(written(folded, await readText(`${COLLAPSED}\n`))).toBe(`${COLLAPSED}\n`);
});
