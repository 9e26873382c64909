import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import type { Meta } from '../../src/profile/profile.ts';
import { sourceTexts } from '../../src/symbols/source-texts.ts';
import { workFolder } from '../e2e/run-cli.ts';

/** A profile in which each of the places weighs less than the one before. */
function profileOfPlaces(places: readonly (readonly [file: string, line: number])[], meta: Meta = { notes: [] }) {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  places.forEach(([file, line], i) => {
    builder.sample(builder.stack(-1, builder.frame({ name: `f${i}`, file, line })), [places.length - i]);
  });
  return builder.build(meta);
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join('');
}

function file(folder: string, name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('source files that frames name', () => {
  test('the lines around those that are named, the heaviest file first', () => {
    const folder = workFolder();
    const long = file(folder, 'long.c', lines(500));
    const short = pathToFileURL(file(folder, 'short file.ts', 'one\r\ntwo\r\nthree')).href;
    const texts = sourceTexts(
      profileOfPlaces([
        [short, 1],
        [short, 2],
        [long, 10],
        [long, 300],
        [long, 341],
      ]),
      folder,
    );
    expect(texts).toEqual([
      { file: short, length: 3, parts: [{ from: 1, lines: ['one', 'two', 'three'] }], changed: false },
      {
        file: long,
        length: 500,
        parts: [
          { from: 6, lines: Array.from({ length: 45 }, (_, i) => `line ${i + 6}`) },
          { from: 296, lines: Array.from({ length: 86 }, (_, i) => `line ${i + 296}`) },
        ],
        changed: false,
      },
    ]);
  });

  test('nothing that is not below the folder, by whatever way', () => {
    const folder = join(workFolder(), 'project');
    mkdirSync(folder);
    const outside = file(join(folder, '..'), 'secret.js', 'secret\n');
    symlinkSync(outside, join(folder, 'link.js'));
    const inside = file(folder, 'inside.js', 'inside\n');
    symlinkSync(inside, join(folder, 'alias.js'));
    const named = [
      outside,
      join(folder, 'link.js'),
      join(folder, '../secret.js'),
      `${folder}-2/a.js`,
      'inside.js',
      join(folder, 'alias.js'),
    ];
    const texts = sourceTexts(profileOfPlaces(named.map((name) => [name, 1])), folder);
    expect(texts.map((text) => text.file)).toEqual([join(folder, 'alias.js')]);
  });

  test('nothing but text in files with the name of a source file', () => {
    const folder = workFolder();
    execFileSync('mkfifo', [join(folder, 'pipe.js')]);
    mkdirSync(join(folder, 'folder.js'));
    file(folder, 'key.pem', 'secret\n');
    symlinkSync(join(folder, 'key.pem'), join(folder, 'key.js'));
    file(folder, 'binary.c', new Uint8Array([65, 0, 66]));
    file(folder, 'latin.c', new Uint8Array([0xe9, 10]));
    file(folder, 'large.c', 'x'.repeat((2 << 20) + 1));
    file(folder, 'good.rs', 'fn main() {}\n');
    const names = ['pipe.js', 'folder.js', 'key.pem', 'key.js', 'binary.c', 'latin.c', 'large.c', 'gone.c', 'good.rs'];
    const texts = sourceTexts(profileOfPlaces(names.map((name) => [join(folder, name), 1])), folder);
    expect(texts.map((text) => text.file)).toEqual([join(folder, 'good.rs')]);
  });

  test('lines that the file does not have, and files without a line, give nothing', () => {
    const folder = workFolder();
    const short = file(folder, 'short.c', 'one\n');
    expect(sourceTexts(profileOfPlaces([[short, 7]]), folder)).toEqual([]);
    expect(sourceTexts(profileOfPlaces([[short, 0]]), folder)).toEqual([]);
  });

  test('there is a limit: of files, of text, of a line', () => {
    const folder = workFolder();
    const many = Array.from({ length: 60 }, (_, i) => file(folder, `f${i}.c`, 'text\n'));
    expect(sourceTexts(profileOfPlaces(many.map((name) => [name, 1])), folder)).toHaveLength(40);
    const wide = file(folder, 'wide.js', `${'y'.repeat(5000)}\n`);
    expect(sourceTexts(profileOfPlaces([[wide, 1]]), folder)[0]!.parts[0]!.lines).toEqual([`${'y'.repeat(400)}…`]);
    const named = Array.from({ length: 60 }, (_, i) => i);
    const heavy = named.map((i) => file(folder, `heavy${i}.c`, `${'z'.repeat(399)}\n`.repeat(2000)));
    const places = heavy.flatMap((name) => named.map((i) => [name, 1 + i * 33] as const));
    const texts = sourceTexts(profileOfPlaces(places), folder);
    const characters = texts.flatMap(({ parts }) => parts.flatMap((part) => part.lines)).join('').length;
    expect(texts).toHaveLength(1);
    expect(characters).toBeLessThanOrEqual(1 << 20);
  });

  test('a file that was written to after the recording says so', () => {
    const folder = workFolder();
    const source = file(folder, 'a.py', 'one\n');
    utimesSync(source, new Date(20_000), new Date(20_000));
    const changed = (startTime: number): boolean =>
      sourceTexts(profileOfPlaces([[source, 1]], { notes: [], startTime, duration: 5e9 }), folder)[0]!.changed;
    expect(changed(10_000)).toBe(true);
    expect(changed(16_000)).toBe(false);
  });
});
