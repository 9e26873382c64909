import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecording, startRecording } from '../../src/console/recording.ts';
import { Replay } from '../../src/console/replay.ts';
import type { ConsoleSnapshot } from '../../src/console/snapshot.ts';
import { snapshot, task } from './snapshots.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-console-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, count = 3): string {
  const path = join(folder, name);
  const writer = startRecording(path);
  for (let i = 0; i < count; i++) writer.write(snapshot({ time: 1000 + i * 1000, notes: [`number ${i}`] }));
  writer.close();
  return path;
}

test('what was recorded is read back, an endless bin included; the file is its user’s alone', () => {
  const path = written('round.console');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const recording = openRecording(path);
  expect(recording.length).toBe(3);
  expect(recording.notes).toEqual([]);
  expect(recording.at(1)).toEqual(snapshot({ time: 2000, notes: ['number 1'] }));
  expect(recording.at(1).tasks[0]!.pollTimes!.bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
  recording.close();
});

test('cut at every byte of its last line it is still read, and says so', () => {
  const path = written('torn.console', 2);
  const bytes = readFileSync(path);
  const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  for (let size = lastLine + 1; size < bytes.length - 1; size += 97) {
    writeFileSync(path, bytes.subarray(0, size));
    const recording = openRecording(path);
    expect(recording.length).toBe(1);
    expect(recording.notes).toEqual([`${path}:3: cut off amid a snapshot, which is left out`]);
    recording.close();
  }
  writeFileSync(path, bytes.subarray(0, bytes.length - 1));
  const whole = openRecording(path);
  expect([whole.length, whole.notes]).toEqual([2, []]);
  whole.close();
});

test('a file that is none, is empty, or is newer is refused in one line', () => {
  const path = join(folder, 'other');
  writeFileSync(path, '{"a":1}\n');
  expect(() => openRecording(path)).toThrow(/other:1: no recording of console/);
  truncateSync(path);
  expect(() => openRecording(path)).toThrow(/no recording of console/);
  writeFileSync(path, '{"format":"pforge-prof-console","version":2}\n');
  expect(() => openRecording(path)).toThrow(/version 2/);
  writeFileSync(path, '{"format":"pforge-prof-console","version":1}\n');
  expect(() => openRecording(path)).toThrow(/holds no snapshot/);
  expect(() => openRecording(join(folder, 'nowhere'))).toThrow(/cannot read .*nowhere: no such file/);
  expect(() => openRecording(folder)).toThrow(/cannot read .*: it is a directory/);
});

test('recording never writes over another file, but over an older recording', () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'dear diary\n');
  expect(() => startRecording(path)).toThrow(/is no recording of console/);
  expect(readFileSync(path, 'utf8')).toBe('dear diary\n');
  const older = written('older.console', 5);
  written('older.console', 1);
  const recording = openRecording(older);
  expect(recording.length).toBe(1);
  recording.close();
  expect(() => startRecording(join(folder, 'no/where'))).toThrow(/cannot write .*ENOENT/);
});

test('a broken line says which and what, and costs itself alone', async () => {
  const path = written('broken.console', 1);
  appendFileSync(path, 'nonsense\n');
  appendFileSync(path, `${JSON.stringify({ ...snapshot(), tasks: [{ ...task({ id: 'x' }), busy: 'much' }] })}\n`);
  appendFileSync(path, `${JSON.stringify(snapshot({ time: 9000 }))}\n`);
  const recording = openRecording(path);
  expect(recording.length).toBe(4);
  expect(() => recording.at(1)).toThrow('broken.console:3: the line is no JSON');
  expect(() => recording.at(2)).toThrow('broken.console:4: no snapshot: tasks[0].busy is no number');
  expect(recording.at(3).time).toBe(9000);
  const replay = new Replay(recording);
  const seen: ConsoleSnapshot[] = [];
  replay.onSnapshot((one) => seen.push(one));
  await replay.pause();
  replay.seek(2);
  expect(seen.at(-1)!.notes.at(-1)).toContain('broken.console:4');
  await replay.close();
});

test('a replay plays to the end, and is stepped, sought and sped up', async () => {
  const replay = new Replay(openRecording(written('play.console', 3)));
  const seen: number[] = [];
  replay.accelerate(1000);
  expect(replay.speed).toBe(64);
  const over = new Promise<void>((done) => {
    replay.onSnapshot(({ time }) => {
      seen.push(time);
      if (!replay.isPlaying) done();
    });
  });
  await over;
  expect([...new Set(seen)]).toEqual([1000, 2000, 3000]);
  expect(replay.isPlaying).toBe(false);
  replay.seek(-1);
  expect([replay.position, seen.at(-1)]).toEqual([1, 2000]);
  replay.seek(Number.NEGATIVE_INFINITY);
  expect([replay.position, seen.at(-1)]).toEqual([0, 1000]);
  replay.seek(Number.POSITIVE_INFINITY);
  await replay.resume();
  expect([replay.position, replay.isPlaying]).toEqual([0, true]);
  await replay.close();
  expect((await replay.ended).how).toBe('left');
});
