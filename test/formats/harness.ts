import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { folded } from '../../src/formats/folded.ts';
import { type Format, type Input, Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput, readProfile } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { defaultValueIndex, type Profile } from '../../src/profile/profile.ts';
import { rootByThread } from '../../src/profile/threads.ts';
import { totalWeight } from '../../src/profile/total.ts';

export const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

export interface FormatCases {
  readonly format: Format;
  /** Recordings of real programs under fixtures/. Each has its golden text beside it, as `NAME.golden`. */
  readonly fixtures: readonly string[];
  /** A small valid input, cut at every byte. */
  readonly small: string;
}

/** What every format promises, whichever it is. */
export function testFormat({ format, fixtures, small }: FormatCases): void {
  describe.each(fixtures)('%s', (fixture) => {
    const path = join(FIXTURES, fixture);
    const bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);

    test('gives the golden stacks', async () => {
      const profile = await readBytes(bytes);
      checkProfile(profile);
      expect(profile.meta.format).toBe(format.id);
      await expect(describeProfile(profile)).toMatchFileSnapshot(`${path.slice(0, -extname(path).length)}.golden`);
    });

    test('is told by its content, not its name', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
      try {
        writeFileSync(join(folder, 'data'), bytes);
        writeFileSync(join(folder, 'zipped'), gzipSync(bytes));
        const expected = await readBytes(bytes);
        expect(withoutNotes(await readProfile(join(folder, 'data')))).toEqual(withoutNotes(expected));
        expect(withoutNotes(await readProfile(join(folder, 'zipped')))).toEqual(withoutNotes(expected));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('is the same in tiny chunks', async () => {
      expect(await readInput(inputOf(bytes, 'x', 7))).toEqual(await readInput(inputOf(bytes, 'x')));
    });

    if (format.write === undefined) return;
    test('is the same profile once written and read again', async () => {
      const profile = await readBytes(bytes);
      const again = await readBytes(written(format, profile));
      expect(stacksOf(again)).toBe(stacksOf(profile));
      expect(totalWeight(again)).toBeCloseTo(totalWeight(profile), 3);
      expect(written(format, again)).toBe(written(format, await readBytes(written(format, again))));
    });
  });

  test('cut at any byte, it is a profile or a clear error', async () => {
    const bytes = Buffer.from(small);
    expect(detectFormat(inputOf(bytes, 'x')).id).toBe(format.id);
    const whole = await readInput(inputOf(bytes, 'x'), { format });
    for (let end = 0; end < bytes.length; end++) {
      const profile = await profileOrError(inputOf(bytes.subarray(0, end), 'x'), format);
      if (profile) expect(totalWeight(profile)).toBeLessThanOrEqual(totalWeight(whole));
    }
  });
}

/** Reads as a format; undefined where it refuses with one clear line. Any other exception fails the test. */
export async function profileOrError(input: Input, format: Format): Promise<Profile | undefined> {
  try {
    const profile = await format.read(input, new Notes());
    checkProfile(profile);
    return profile;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toMatch(/\n|undefined|NaN|\[object/);
    expect(error.exitCode).toBe(2);
    return undefined;
  }
}

/** The message of the {@link UserError} that a reading ends in. */
export async function refusal(reading: Promise<unknown>): Promise<string> {
  const outcome = await reading.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (outcome instanceof UserError) return outcome.hint ? `${outcome.message}: ${outcome.hint}` : outcome.message;
  throw outcome instanceof Error ? outcome : new Error('it was read without an error');
}

export function readText(text: string | Uint8Array, format?: Format): Promise<Profile> {
  return readInput(inputOf(text, 'x'), format ? { format } : {});
}

export function written(format: Format, profile: Profile): string {
  // A piece may be valid until the next one only
  return Array.from(format.write!(profile), String).join('');
}

/** Every stack with its default weight, its thread as the root, sorted: one line each. */
export function stacksOf(profile: Profile): string {
  return written(folded, rootByThread(profile, 'comm')).replace(/^# .*\n/, '');
}

function readBytes(bytes: Uint8Array | string): Promise<Profile> {
  return readInput(inputOf(bytes, 'x'));
}

function withoutNotes(profile: Profile): Profile {
  return { ...profile, meta: { ...profile.meta, notes: [] } };
}

/** A profile as text for people to review: totals, threads, kinds, notes, stacks. */
function describeProfile(profile: Profile): string {
  const { valueTypes, threads, samples, meta } = profile;
  const totals = valueTypes.map(({ type, unit }, i) => `${type} ${totalWeight(profile, i)} ${unit}`);
  const names = threads.map(({ pid, tid, process, name }) => `${process}/${name} ${pid}/${tid}`);
  const { notes, command, host: _host, ...rest } = meta;
  return [
    `samples ${samples.length}`,
    ...totals.map((total, i) => `${i === defaultValueIndex(profile) ? 'default ' : ''}value ${total}`),
    ...names.map((name) => `thread ${name}`),
    `meta ${JSON.stringify(rest)}`,
    ...(command ? [`command ${command.join(' ')}`] : []),
    ...notes.map((note) => `note ${note}`),
    '',
    stacksOf(profile),
  ].join('\n');
}
