import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NewCode } from './new-code.ts';

/** A program whose blocks are the letters of its input. */
function lettersReached() {
  const ran = new Set<number>();
  let runs = 0;
  const run = async (input: Buffer): Promise<void> => {
    runs++;
    for (const letter of input) ran.add(letter);
  };
  const take = (): number[] => {
    const taken = [...ran];
    ran.clear();
    return taken;
  };
  return { code: new NewCode(run, take), run, runsSoFar: () => runs };
}

const inputs = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

test('an input is new once: not after seeds, inputs of earlier runs, or others that reach the same', async () => {
  const { code, run } = lettersReached();
  await code.learn(inputs('ab', 'c'));
  const some = inputs('abc', 'cd', 'dd', 'ae');
  for (const input of some) await run(input);
  expect((await code.firsts(some)).map(String)).toEqual(['cd', 'ae']);
});

test('what reaches nothing new is not run again', async () => {
  const { code, run, runsSoFar } = lettersReached();
  await code.learn(inputs('abc'));
  await run(Buffer.from('cab'));
  const before = runsSoFar();
  expect(await code.firsts(inputs('cab'))).toEqual([]);
  expect(runsSoFar()).toBe(before);
});

test('inputs that a run has kept are there for every later one, whatever its seed', async () => {
  // @ts-expect-error: a script, without types
  const { KeptState } = await import('../../scripts/fuzz-state.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  try {
    const first = new KeptState(folder, 1);
    first.addInput('read:folded', Buffer.from('a;b 1'));
    first.save();
    for (const seed of [1, 2]) {
      const later = new KeptState(folder, seed);
      expect(later.inputsOf('read:folded').map(String)).toEqual(['a;b 1']);
      later.addInput('read:folded', Buffer.from(`a;c ${seed}`));
      expect(later.inputsOf('read:folded')).toHaveLength(2);
      rmSync(join(folder, 'inputs/read-folded'), { recursive: true });
      first.addInput('read:folded', Buffer.from('a;b 1'));
    }
    expect(new KeptState(undefined, 1).inputsOf('read:folded')).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
