import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { flameHtml } from '../../src/formats/flame-html.ts';
import { Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat } from '../../src/formats/registry.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { diffHtml } from '../../src/render/diff/html/diff-html.ts';
import { flameHtml as page } from '../../src/render/html/flame-html.ts';
import { linesOf, profileOf } from '../profile/profile-of.ts';
import { HOSTILE_NAMES } from '../render/hostile-names.ts';

const threads = profileOf`
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app};slice{builtin} 30 @1000
  [main 10/10] main{app};parse /srv/app/lib/parse.js:10:3{app} 20 @4000
  [worker 10/12] main{app};resolve{dependency,module=r.so} 40 @2500
`;
const before = profileOf`
  main;scan 30
  main;old 20
`;
const after = profileOf`
  main;scan 40
  main;new 25
`;

function pageOf(profile: Profile): string {
  return [...page.render(profile, {})].join('');
}

const comparison = compareProfiles([before], [after]);
const compared = [...diffHtml.render(comparison, { embed: { before, after } })].join('');

function read(text: string, choices: Parameters<typeof flameHtml.read>[2] = {}, notes = new Notes()): Promise<Profile> {
  return flameHtml.read(inputOf(text, 'x.html'), notes, choices);
}

/** Lines with threads and times, sorted: pages keep samples of a thread together. */
function samplesOf(profile: Profile): string[] {
  const { samples } = profile;
  return linesOf(profile)
    .map((line, i) => `${profile.threads[samples.thread?.[i] ?? -1]?.name} ${line} @${samples.time?.[i]}`)
    .sort();
}

describe('reports of pforge-prof', () => {
  test('whose root frames are threads have none besides', async () => {
    const rooted = [...page.render(threads, { threadRoots: false })].join('');
    const profile = await read(rooted);
    expect(linesOf(profile).sort()).toEqual(linesOf(threads).sort());
    expect(profile.threads).toEqual([]);
  });

  test('give their samples back, with threads and times', async () => {
    const again = await read(pageOf(threads));
    expect(samplesOf(again)).toEqual(samplesOf(threads));
    expect(again.frames.kind).toEqual(threads.frames.kind);
    expect(again.valueTypes).toEqual(threads.valueTypes);
  });

  test('give hostile names back as they were', async () => {
    const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
    for (const name of HOSTILE_NAMES) builder.sample(builder.stack(-1, builder.frame({ name })), [1]);
    const hostile = builder.build();
    expect(linesOf(await read(pageOf(hostile))).sort()).toEqual(linesOf(hostile).sort());
  });

  test('are told by their content', () => {
    expect(detectFormat(inputOf(pageOf(threads), 'x'))).toBe(flameHtml);
    expect(detectFormat(inputOf(compared, 'x'))).toBe(flameHtml);
    expect(flameHtml.detect(Buffer.from('<!doctype html><html><title>main</title>'))).toBe('no');
  });

  test('that compare give both sides back exactly; after unless asked, and say so', async () => {
    expect(linesOf(await read(compared, { side: 'before' }))).toEqual(linesOf(before));
    const notes = new Notes();
    expect(linesOf(await read(compared, {}, notes))).toEqual(linesOf(after));
    expect(notes.list.join()).toContain('--side before');
  });

  test('that do not hold what was compared say so; one profile has no sides', async () => {
    const bare = [...diffHtml.render(comparison, { embed: false })].join('');
    await expect(read(bare)).rejects.toThrow('does not hold the profiles that it was made of');
    await expect(read(pageOf(threads), { side: 'before' })).rejects.toThrow('has no sides');
  });

  test('cut anywhere, or with anything changed in a block, are refused in one line or right', async () => {
    const text = pageOf(threads);
    for (let at = 0; at < text.length; at += 997) {
      await expect(read(text.slice(0, at))).rejects.toThrow(UserError);
    }
    const [, packed] = /id="data-summary">([^<]*)</.exec(text)!;
    const bytes = gunzipSync(Buffer.from(packed!, 'base64'));
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x55;
      const other = text.replace(packed!, gzipSync(changed).toString('base64'));
      await read(other).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
    }
  });
});
