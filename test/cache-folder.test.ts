import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheFolder, keep, tidy } from '../src/cache-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DAY = 86_400;

/** A file last used so many days ago. */
function old(name: string, days: number, size = 10): void {
  const path = join(folder, name);
  writeFileSync(path, 'x');
  truncateSync(path, size);
  const then = Date.now() / 1000 - days * DAY;
  utimesSync(path, then, then);
}

test('code that nobody used for a month goes, of whatever version; what is no code stays', () => {
  old('program.js-flame-v20.1.0-x64-1a', 29);
  old('program.js-flame-v20.1.0-x64-2b', 31);
  old('execa.js-v18.0.0-x64-3c', 200);
  old('names', 200);
  old('kernel-symbols', 200);
  old('notes.txt', 200);
  tidy(folder);
  expect(readdirSync(folder).sort()).toEqual([
    'kernel-symbols',
    'names',
    'notes.txt',
    'program.js-flame-v20.1.0-x64-1a',
  ]);
});

test('the folder has an end: what was not used for longest goes', () => {
  for (let days = 0; days < 20; days++) old(`program.js-c${days}-v20.1.0-x64-1a`, days, 10 << 20);
  tidy(folder);
  expect(readdirSync(folder).sort()).toEqual(
    Array.from({ length: 9 }, (_, days) => `program.js-c${days}-v20.1.0-x64-1a`),
  );
});

test('what a killed process was writing goes after a day, what others are writing stays', () => {
  old('names.123', 2);
  old('program.js-flame-v20.1.0-x64-1a.77', 2);
  old('program.js-flame-v20.1.0-x64-1a.78', 0);
  tidy(folder);
  expect(readdirSync(folder)).toEqual(['program.js-flame-v20.1.0-x64-1a.78']);
});

test('what an earlier process of our number has left does not stop us for long', () => {
  const path = join(folder, 'names');
  writeFileSync(`${path}.${process.pid}`, 'half');
  keep(path, [Buffer.from('first')]);
  keep(path, [Buffer.from('second')]);
  expect(existsSync(path)).toBe(true);
  expect(readdirSync(folder)).toEqual(['names']);
});

test('a folder that is not there, or no folder, is no error', () => {
  tidy(join(folder, 'none'));
  writeFileSync(join(folder, 'file'), '');
  tidy(join(folder, 'file'));
});

test('a cache folder that is not there yet is made where nobody else could have made it', () => {
  const XDG_CACHE_HOME = join(folder, 'not', 'yet');
  expect(cacheFolder({ XDG_CACHE_HOME })).toBe(join(XDG_CACHE_HOME, 'pforge-prof'));
  keep(join(XDG_CACHE_HOME, 'pforge-prof', 'names'), [Buffer.from('kept')]);
  expect(readdirSync(join(XDG_CACHE_HOME, 'pforge-prof'))).toEqual(['names']);

  chmodSync(folder, 0o777);
  expect(cacheFolder({ XDG_CACHE_HOME: join(folder, 'another') })).toBeUndefined();
  expect(cacheFolder({ HOME: join(folder, 'nobody') })).toBeUndefined();
});
