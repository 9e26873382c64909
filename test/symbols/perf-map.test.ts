import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { JitCode, type JitNames } from '../../src/symbols/jit-names.ts';
import { JitTable } from '../../src/symbols/jit-table.ts';
import { openPerfMap, openSidecar, SIDECAR_HEAD, type Sidecar } from '../../src/symbols/perf-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-map-'));
afterAll(() => rmSync(folder, { recursive: true }));
const us = process.geteuid!();
let files = 0;

function file(text: string | Buffer): string {
  const path = join(folder, `${files++}.map`);
  writeFileSync(path, text);
  return path;
}

function map(text: string | Buffer): JitCode {
  const table = openPerfMap(7, { path: file(text) });
  if (!(table instanceof JitTable)) throw new Error(`not read: ${table?.why}`);
  const code = new JitCode();
  code.set(7, table);
  return code;
}

describe('lines of a map', () => {
  const at = (code: JitNames, address: number): string | undefined => code.find(7, address, Number.NaN);

  test('names may hold blanks and any other character but a line break', () => {
    const code = map('1000 10 JS:*a b /x y/ä.js:1:2\n0x1010 0X8 RegExp:^\\s+ $\n1020 4 \xff\n');
    expect(at(code, 0x1000)).toBe('JS:*a b /x y/ä.js:1:2');
    expect(at(code, 0x100f)).toBe('JS:*a b /x y/ä.js:1:2');
    expect(at(code, 0x1010)).toBe('RegExp:^\\s+ $');
    expect(at(code, 0x1018)).toBeUndefined();
    expect(at(code, 0xfff)).toBeUndefined();
  });

  test('a last line that was not finished counts for nothing', () => {
    const text = '1000 10 whole\n2000 10 torn';
    for (let length = 0; length <= text.length; length++) {
      const code = map(text.slice(0, length));
      expect(at(code, 0x1001)).toBe(length > 13 ? 'whole' : undefined);
      expect(at(code, 0x2001)).toBeUndefined();
    }
  });

  test('what is no line is passed over', () => {
    const wrong = [
      '',
      ' ',
      'x',
      '1000',
      '1000 ',
      '1000 10',
      '1000 10 ',
      '-1 10 a',
      '1000 1g a',
      '1000\t10 a',
      ' 1 1 a',
    ];
    const large = ['ffffffffffffffff 10 a', '1000 ffffffffffffffff a', `${'f'.repeat(5000)} 10 a`];
    const code = map([...wrong, ...large, '1000 10 right', '\0\0\0'].map((line) => `${line}\n`).join(''));
    expect(at(code, 0x1000)).toBe('right');
    expect(openPerfMap(7, { path: file('x\n1000 10 a\n\n') })).toMatchObject({ count: 1, others: 2 });
  });

  test('code of unknown size reaches to the next, at most over the following page', () => {
    const code = map('1000 0 first\n1800 0 second\n1900 10 third\n9000 0 last\n');
    expect(at(code, 0x17ff)).toBe('first');
    expect(at(code, 0x18ff)).toBe('second');
    expect(at(code, 0x9fff)).toBe('last');
    expect(at(code, 0xb000)).toBeUndefined();
  });

  test('later code hides earlier where they overlap', () => {
    const code = map('1000 100 old\n1080 100 new\n10a0 10 newest\n');
    expect([0x1000, 0x107f, 0x1080, 0x109f, 0x10a0, 0x10b0, 0x117f].map((address) => at(code, address))).toEqual([
      'old',
      'old',
      'new',
      'new',
      'newest',
      'new',
      'new',
    ]);
  });

  test('an empty map knows nothing', () => {
    expect(at(map(''), 0)).toBeUndefined();
    expect(new JitCode().find(1, 0, 0)).toBeUndefined();
  });
});

describe('a map that is not read', () => {
  const why = (path: string): unknown => openPerfMap(7, { path });

  test('none is there', () => {
    expect(why(join(folder, 'none'))).toBeUndefined();
    expect(why(join(file(''), 'below-a-file'))).toBeUndefined();
  });

  test('a FIFO does not make us wait', () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    expect(why(path)).toEqual({ why: 'it is not a regular file' });
  });

  test('a symbolic link, a folder, a device', () => {
    const link = join(folder, 'link');
    symlinkSync(file('1000 10 a\n'), link);
    mkdirSync(join(folder, 'folder'));
    for (const path of [link, join(folder, 'folder'), '/dev/zero']) {
      expect(why(path)).toEqual({ why: 'it is not a regular file' });
    }
  });

  test.skipIf(us !== 0)('one that belongs to another user', () => {
    const path = file('1000 10 a\n');
    chownSync(path, 12345, 12345);
    expect(why(path)).toEqual({ why: 'it belongs to user 12345' });
    expect(openPerfMap(7, { path, owner: 12345 })).toBeInstanceOf(JitTable);
  });

  test('one that is too large, though it has no bytes', () => {
    const path = file('');
    truncateSync(path, 2 ** 40);
    expect(why(path)).toEqual({ why: 'it is larger than 536870912 bytes' });
  });
});

describe('a sidecar', () => {
  const open = (text: string): ReturnType<typeof openSidecar> => openSidecar(file(text), [us]);

  test('an address means what was there at the time', () => {
    const { tables, others } = open(
      `${SIDECAR_HEAD}7 0 1000 10 early\n8 50 1000 10 other\n7 100 1000 10 late\n7 200 1004 4 latest\n7 9 torn`,
    ) as Sidecar;
    expect(others).toBe(0);
    const code = new JitCode();
    for (const [pid, table] of tables) code.set(pid, table);
    const names = [0, 99, 100, 199, 200, Number.NaN].map((time) => code.find(7, 0x1005, time));
    expect(names).toEqual(['early', 'early', 'late', 'late', 'latest', 'latest']);
    expect(code.find(8, 0x1005, 49)).toBeUndefined();
    expect(code.find(8, 0x1005, 50)).toBe('other');
    expect(code.find(9, 0x1005, 50)).toBeUndefined();
    expect([code.has(8), code.has(9)]).toEqual([true, false]);
    const index = code.indexOf(7, 0x1005, 150);
    expect(code.nameOf(7, index)).toBe('late');
  });

  test('lines in the wrong order are put in order, others counted', () => {
    const wrong = '7 1.5 1000 10 a\n7 -1 1000 10 a\n7 1000 10 a\nx\n';
    const { tables, others } = open(`${SIDECAR_HEAD}7 100 1000 10 late\n${wrong}7 50 1000 10 early\n`) as Sidecar;
    expect(others).toBe(4);
    const code = new JitCode();
    code.set(7, tables.get(7)!);
    expect(code.find(7, 0x1000, 99)).toBe('early');
    expect(code.find(7, 0x1000, 100)).toBe('late');
  });

  test('what is written behind is read on, with its names, in a file of any length', () => {
    const path = file(`${SIDECAR_HEAD}7 0 1000 10 early\n`);
    const sidecar = openSidecar(path, [us]) as Sidecar;
    const code = new JitCode();
    code.set(7, sidecar.tables.get(7)!);
    expect(code.find(7, 0x1005, 500)).toBe('early');
    const opened = openSync(path, 'r');
    try {
      for (let i = 1; i <= 300; i++) {
        appendFileSync(path, `7 ${i} 1000 10 name${i}\n${i % 7 === 0 ? `${i} ${i} 2000 10 other\n` : ''}no line\n`);
        if (i % 3 === 0) expect(sidecar.more(opened)).toBe(true);
      }
      expect(sidecar.others).toBe(300);
      for (const time of [0, 1, 150, 299, 300]) {
        expect(code.find(7, 0x1005, time)).toBe(time === 0 ? 'early' : `name${time}`);
      }
      expect(sidecar.tables.size).toBe(42);
      appendFileSync(path, '7 12 3000 10 too-late\n');
      expect(sidecar.more(opened)).toBe(false);
    } finally {
      closeSync(opened);
    }
  });

  test('a file of another kind is refused', () => {
    expect(open('7 0 1000 10 a\n')).toEqual({ why: 'it is no list of dated names' });
    expect(open('')).toEqual({ why: 'it is no list of dated names' });
    expect(openSidecar(join(folder, 'no.jit'), [us])).toBeUndefined();
  });
});
