import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JitCode } from '../../src/symbols/jit-names.ts';
import { type JitDump, openJitDump } from '../../src/symbols/jitdump.ts';
import { openPerfMap } from '../../src/symbols/perf-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-dump-'));
afterAll(() => rmSync(folder, { recursive: true }));
const us = process.geteuid!();
const path = join(folder, 'jit.dump');

function open(bytes: Buffer): JitDump | { why: string } {
  writeFileSync(path, bytes);
  return openJitDump(path, [us])!;
}

function whole(bytes: Buffer): JitDump {
  const dump = open(bytes);
  if ('why' in dump) throw new Error(dump.why);
  return dump;
}

function codeOf(dump: JitDump): JitCode {
  const code = new JitCode();
  code.set(1, dump.table, dump.lines);
  return code;
}

/** Writes records as jitdump-specification.txt has them. */
class DumpWriter {
  private readonly parts: Buffer[] = [];
  private readonly little: boolean;

  constructor(little: boolean, flags = 0) {
    this.little = little;
    this.parts.push(
      Buffer.concat([...[0x4a695444, 1, 40, 62, 0, 7].map((word) => this.u32(word)), this.u64(5), this.u64(flags)]),
    );
  }

  private u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  }

  private u64(value: number): Buffer {
    const bytes = Buffer.alloc(8);
    if (this.little) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  }

  record(kind: number, time: number, ...body: Buffer[]): this {
    const bytes = Buffer.concat(body);
    this.parts.push(this.u32(kind), this.u32(16 + bytes.length), this.u64(time), bytes);
    return this;
  }

  load(time: number, address: number, name: string, number: number, size = 64): this {
    const text = Buffer.from(`${name}\0`);
    const head = [this.u32(7), this.u32(7), ...[address, address, size, number].map((value) => this.u64(value))];
    return this.record(0, time, ...head, text, Buffer.alloc(size, 0x90));
  }

  move(time: number, to: number, number: number): this {
    const rest = [to, 0, to, 64, number].map((value) => this.u64(value));
    return this.record(1, time, this.u32(7), this.u32(7), ...rest);
  }

  lines(time: number, address: number, rows: readonly (readonly [number, number, string])[]): this {
    const entries = rows.map(([place, line, file]) =>
      Buffer.concat([this.u64(address + place), this.u32(line), this.u32(0), Buffer.from(`${file}\0`, 'latin1')]),
    );
    return this.record(2, time, this.u64(address), this.u64(rows.length), ...entries);
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

const small = (little: boolean): Buffer =>
  new DumpWriter(little)
    .record(4, 9, Buffer.alloc(40))
    .lines(10, 0x1000, [
      [0x10, 12, 'b.lua'],
      [0, 11, 'a.lua'],
      [0x20, 13, '\xff'],
    ])
    .load(10, 0x1000, 'first', 1)
    .load(20, 0x2000, 'second', 2)
    .move(30, 0x3000, 1)
    .load(40, 0x1000, 'third', 3)
    .record(3, 50)
    .bytes();

describe.each([true, false])('a dump, little end first: %s', (little) => {
  const dump = whole(small(little));
  const code = codeOf(dump);

  test('code has its exact time, and moves', () => {
    expect(dump).toMatchObject({ pid: 7, clock: true, leftOver: 0, wrong: 0 });
    expect([9, 10, 39, 40, Number.NaN].map((time) => code.find(1, 0x103f, time))).toEqual([
      undefined,
      'first',
      'first',
      'third',
      'third',
    ]);
    expect([29, 30].map((time) => code.find(1, 0x3000, time))).toEqual([undefined, 'first']);
  });

  test('lines go with the code, also where it moves', () => {
    const at = (address: number, time: number): unknown => code.lineOf(1, code.indexOf(1, address, time), address);
    expect([0x1000, 0x1010, 0x101f, 0x1020].map((address) => at(address, 10))).toEqual([
      { file: 'a.lua', line: 11 },
      { file: 'b.lua', line: 12 },
      { file: 'b.lua', line: 12 },
      { file: 'a.lua', line: 13 },
    ]);
    expect(at(0x3010, 30)).toEqual({ file: 'b.lua', line: 12 });
    expect(at(0x2000, 30)).toBeUndefined();
  });
});

test('records out of order are put in order, lines with them', () => {
  const dump = whole(
    new DumpWriter(true)
      .load(20, 0x1000, 'late', 1)
      .lines(10, 0x1000, [[0, 5, 'x']])
      .load(10, 0x1000, 'early', 2)
      .bytes(),
  );
  const code = codeOf(dump);
  expect(code.find(1, 0x1000, 15)).toBe('early');
  expect(code.lineOf(1, code.indexOf(1, 0x1000, 15), 0x1000)).toEqual({ file: 'x', line: 5 });
  expect(code.lineOf(1, code.indexOf(1, 0x1000, 25), 0x1000)).toBeUndefined();
});

test('times of the processor are no times', () => {
  const dump = whole(new DumpWriter(true, 1).load(1e15, 0x1000, 'a', 1).bytes());
  expect(dump.clock).toBe(false);
  expect(codeOf(dump).find(1, 0x1000, 5)).toBe('a');
});

test('cut off anywhere, what came before is there', () => {
  const bytes = small(true);
  const all = ['first', 'second', 'first', 'third'];
  for (let length = 0; length < bytes.length; length++) {
    const dump = open(bytes.subarray(0, length));
    if (length < 40) {
      expect(dump).toEqual({ why: 'it is no jitdump' });
      continue;
    }
    if ('why' in dump) throw new Error(`${length}: ${dump.why}`);
    const names = Array.from({ length: dump.table.count }, (_none, i) => dump.table.nameOf(i));
    expect(names).toEqual(all.slice(0, names.length));
    expect(dump.wrong).toBe(0);
  }
  expect(whole(bytes.subarray(0, -5)).leftOver).toBe(11);
});

test('whatever bytes are wrong, it ends and says what it did not take', () => {
  const bytes = small(true);
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(bytes.length - 1), byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) }), {
        minLength: 1,
        maxLength: 6,
      }),
      (changes) => {
        const broken = Buffer.from(bytes);
        for (const { at, byte } of changes) broken[at] = byte;
        const dump = open(broken);
        if ('why' in dump) return;
        // Each of its records may have become one of code
        expect(dump.table.count).toBeLessThanOrEqual(7);
        for (let i = 0; i < dump.table.count; i++) dump.table.nameOf(i);
        codeOf(dump).find(1, 0x1000, 100);
      },
    ),
    { numRuns: 400 },
  );
});

test('a file of another kind, none, and one without end', () => {
  expect(open(readFileSync(process.execPath).subarray(0, 1000))).toEqual({ why: 'it is no jitdump' });
  expect(openJitDump(join(folder, 'none'), [us])).toBeUndefined();
  whole(small(true));
  truncateSync(path, 2 ** 40);
  expect(openJitDump(path, [us])).toMatchObject({ leftOver: 2 ** 40 - small(true).length });
});

describe('a dump that node wrote', () => {
  let dump: JitDump;
  let pid = 0;
  let started = 0;
  afterAll(() => rmSync(`/tmp/perf-${pid}.map`, { force: true }));
  beforeAll(() => {
    started = Number(process.hrtime.bigint());
    const churn = resolve(import.meta.dirname, '../../scripts/jit-truth/churn.cjs');
    const words = ['--perf-prof', '--perf-basic-prof-only-functions', '--logfile=/dev/null', churn, '0.3'];
    pid = spawnSync(process.execPath, words, { cwd: folder, stdio: 'ignore' }).pid;
    const file = readdirSync(folder).find((name) => name === `jit-${pid}.dump`)!;
    dump = openJitDump(join(folder, file), [us]) as JitDump;
  });

  test('is read whole', () => {
    expect(dump).toMatchObject({ pid, clock: true, leftOver: 0, wrong: 0 });
    expect(dump.table.count).toBeGreaterThan(100);
    expect(dump.table.dates[0]).toBeGreaterThan(started);
    expect(dump.table.dates[dump.table.count - 1]).toBeLessThan(Number(process.hrtime.bigint()));
  });

  test('names what the map names', () => {
    const map = new JitCode();
    const table = openPerfMap(pid);
    if (table === undefined || 'why' in table) throw new Error('no map');
    map.set(1, table);
    const code = codeOf(dump);
    let optimised = 0;
    for (let i = 0; i < table.count; i++) {
      const name = map.find(1, table.starts[i]!, Number.NaN)!;
      if (!name.startsWith('JS:*')) continue;
      optimised++;
      expect(code.find(1, table.starts[i]!, Number.NaN)).toBe(name);
    }
    expect(optimised).toBeGreaterThan(5);
  });
});
