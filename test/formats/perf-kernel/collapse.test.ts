import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { foldedCannotHold } from '../../../src/formats/folded/limits.ts';
import { linesByScript, writeFolded } from '../../../src/formats/folded/write.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { perfScript } from '../../../src/formats/perf-script.ts';
import { readFolded, readProfile } from '../../../src/formats/registry.ts';
import { defaultValueIndex } from '../../../src/profile/profile.ts';
import type { ThreadMode } from '../../../src/profile/threads.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { PERF_TEXTS } from '../perf-script/texts.ts';

const textOf = (pieces: Iterable<Uint8Array>): string =>
  Array.from(pieces, (piece) => Buffer.from(piece).toString('utf8')).join('');

/** Folded text, notes, count and weight by way of a profile. */
async function byProfile(path: string, roots: ThreadMode) {
  const profile = await readProfile(path);
  const weight = { ...profile.valueTypes[defaultValueIndex(profile)]!, total: totalWeight(profile) };
  return {
    text: textOf(writeFolded(profile, roots)),
    notes: [...profile.meta.notes, ...foldedCannotHold(profile, roots)],
    samples: profile.samples.length,
    weight,
  };
}

async function atOnce(path: string, roots: ThreadMode) {
  const read = await readFolded(path, roots, {});
  if (!('chunks' in read)) throw new Error(`${path} was not collapsed at once`);
  const { chunks, notes, samples, weight } = read;
  return { text: textOf(chunks), notes, samples, weight };
}

describe('collapsed at once, an input gives the text and the notes that it gives by way of a profile', () => {
  test.each(PERF_TEXTS)('%s', async (path) => {
    for (const roots of ['comm', 'tid'] as const) {
      const expected = await byProfile(path, roots).catch((error: unknown) => error);
      if (expected instanceof UserError) await expect(atOnce(path, roots)).rejects.toThrow(expected.message);
      else expect(await atOnce(path, roots)).toEqual(expected);
    }
  });

  test('samples of a few threads, events and stacks, in any order and shape', async () => {
    const line = fc.constantFrom(
      '1f main+0x1 (/srv/a)',
      '2e f+0x2 (/srv/a)',
      '3 [unknown] ([vdso])',
      '4 f;g (/b c)',
      'x',
    );
    const sample = fc.record({
      comm: fc.constantFrom('app', 'my app', ':-1', ''),
      ids: fc.constantFrom('1/2', '3', '1/4'),
      time: fc.constantFrom(' 1.5:', ' 2.25:', ''),
      period: fc.constantFrom('', '7', '1000000', '0'),
      event: fc.constantFrom('cycles:', 'cpu-clock:u:', 'page-faults:', ''),
      frames: fc.array(line, { maxLength: 4 }),
      end: fc.constantFrom('\n', '\n\n', ''),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { maxLength: 12 }), fc.constantFrom(5, 1000), async (samples, chunk) => {
        const text = samples
          .map(({ comm, ids, time, period, event, frames, end }) => {
            return `${comm} ${ids}${time} ${period} ${event} \n${frames.map((frame) => `\t${frame}\n`).join('')}${end}`;
          })
          .join('');
        const [one, two] = [new Notes(), new Notes()];
        const profile = await perfScript.read(inputOf(text, 'x', chunk), one);
        const collapsed = (await perfScript.collapse!(inputOf(text, 'x', chunk), two, 'comm', {}))!;
        expect(textOf(collapsed.chunks).replace(/^# .*\n/, '')).toBe(textOf(linesByScript(profile, 'comm')));
        expect(collapsed.samples).toBe(profile.samples.length);
        if (profile.samples.length > 0) {
          expect([...new Set(two.list)]).toEqual([...new Set([...one.list, ...foldedCannotHold(profile, 'comm')])]);
        }
      }),
      { seed: 8, numRuns: 400 },
    );
  });
});
