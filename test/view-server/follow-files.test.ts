import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { followFiles, stateOf } from '../../src/view-server/follow-files.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Follows a file as `view` does; what ends in `!` is whole. */
function follow(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-follow-'));
  const file = join(folder, 'x');
  writeFileSync(file, content);
  const shown: string[] = [];
  const problems: string[] = [];
  const ended = new AbortController();
  const following = followFiles([file], stateOf([file]), {
    renew: async () => {
      const text = readFileSync(file, 'utf8');
      if (!text.endsWith('!')) throw new Error(`half: ${text}`);
      shown.push(text);
    },
    failed: (error) => problems.push((error as Error).message),
    signal: ended.signal,
  });
  endings.push(async () => {
    ended.abort();
    await following;
    rmSync(folder, { recursive: true });
  });
  return { file, shown, problems };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await pause(20);
}

describe('a file that changes', () => {
  test('is shown again, each time', async () => {
    const { file, shown } = follow('one!');
    writeFileSync(file, 'two!');
    await until(() => shown.length === 1);
    writeFileSync(file, 'six!');
    await until(() => shown.length === 2);
    expect(shown).toEqual(['two!', 'six!']);
  });

  test('is shown when another takes its place, and when it comes back', async () => {
    const { file, shown, problems } = follow('one!');
    writeFileSync(`${file}.tmp`, 'two!');
    renameSync(`${file}.tmp`, file);
    await until(() => shown.length === 1);
    rmSync(file);
    await until(() => problems.length === 1);
    expect(problems[0]).toMatch(/ENOENT/);
    writeFileSync(file, 'three!');
    await until(() => shown.length === 2);
    expect(shown).toEqual(['two!', 'three!']);
  });

  test('many times a second is shown once it rests, not each time', async () => {
    const { file, shown } = follow('one!');
    for (let i = 0; i < 40; i++) {
      writeFileSync(file, `version ${i}!`);
      await pause(10);
    }
    await until(() => shown.at(-1) === 'version 39!');
    expect(shown.length).toBeLessThan(20);
  });

  test('and never rests is shown all the same', async () => {
    const { file, shown } = follow('one!');
    let i = 0;
    const writer = setInterval(() => writeFileSync(file, `version ${i++}!`), 20);
    await until(() => shown.length > 0);
    clearInterval(writer);
  });

  test('half written is waited for: no problem is told', async () => {
    const { file, shown, problems } = follow('one!');
    writeFileSync(file, 'tw');
    await pause(900);
    appendFileSync(file, 'o!');
    await until(() => shown.length === 1);
    expect(shown).toEqual(['two!']);
    expect(problems).toEqual([]);
  });

  test('broken for good is told once, until it is mended', async () => {
    const { file, shown, problems } = follow('one!');
    writeFileSync(file, 'broken');
    await until(() => problems.length === 1);
    await pause(1200);
    expect(problems).toEqual(['half: broken']);
    writeFileSync(file, 'whole!');
    await until(() => shown.length === 1);
  });
});

test('what a folder holds counts, at the depth at which tools leave recordings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-follow-'));
  mkdirSync(join(folder, '1.clinic-flame'));
  const before = stateOf([folder]);
  expect(stateOf([folder])).toBe(before);
  writeFileSync(join(folder, '1.clinic-flame/samples'), 'x');
  expect(stateOf([folder])).not.toBe(before);
  rmSync(folder, { recursive: true });
});
