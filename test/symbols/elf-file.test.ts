import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { memorySource } from '../../src/symbols/byte-source.ts';
import { type ElfFile, elfOfBytes, openElf } from '../../src/symbols/elf-file.ts';
import { requireTool } from '../require-tool.ts';
import { smallElf } from './small-elf.ts';

const tools = ['gcc', 'readelf', 'objcopy', 'strip'].every((name) => requireTool(name, findTool(name) !== undefined));
const folder = mkdtempSync(join(tmpdir(), 'pforge-elf-'));
const program = join(folder, 'primes');
const run = (tool: string, ...args: string[]): string => execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1e8 });

/** Looks at all that a file gives. */
function lookAt(file: ElfFile | undefined): void {
  if (file === undefined) return;
  for (const name of file.sections.keys()) file.section(name);
  for (const { offset } of file.segments) file.addressOf(offset);
  file.close();
}

test.each([[import.meta.filename], ['/nowhere'], ['/'], ['/dev/zero'], ['/dev/tty'], ['a\0b']])(
  '%j is none',
  (path) => {
    expect(openElf(path)).toBeUndefined();
  },
);

test('a file that was changed is another one, under the name of the former too', () => {
  const path = join(folder, 'changed');
  const made = { is64: true, littleEndian: true, machine: 62, address: 0x1000, codeSize: 64, symbols: [] };
  const seen = (): unknown => {
    const file = openElf(path)!;
    file.close();
    return { machine: file.machine, sections: [...file.sections], addresses: file.addressOf(0x200) };
  };
  writeFileSync(path, smallElf(made));
  const before = seen();
  expect(seen()).toEqual(before);
  writeFileSync(path, smallElf({ ...made, machine: 183, address: 0x2000, codeSize: 4096 }));
  expect(seen()).not.toEqual(before);
  expect(seen()).toMatchObject({ machine: 183, addresses: 0x2000 });
});

describe.skipIf(!tools)('an ELF file', () => {
  run('gcc', '-g', '-O1', 'examples/primes.c', '-Wl,--build-id', '-o', program);

  test('a FIFO is not waited for', () => {
    run('mkfifo', join(folder, 'pipe'));
    expect(openElf(join(folder, 'pipe'))).toBeUndefined();
  });

  test.each([[program], [process.execPath], ['/bin/sh']])(
    '%s has the sections and segments that readelf prints',
    (path) => {
      const file = openElf(path)!;
      const sections = [
        ...run('readelf', '-SW', path).matchAll(
          /^ +\[ *[1-9]\d*\] (.{17,}?) +\w+ +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+) /gm,
        ),
      ];
      expect(sections.length).toBeGreaterThan(20);
      expect([...file.sections].map(([name, { address, offset, size }]) => [name, address, offset, size])).toEqual(
        sections.map(([, name, ...numbers]) => [name!.trim(), ...numbers.map((hex) => Number.parseInt(hex, 16))]),
      );
      const loads = [...run('readelf', '-lW', path).matchAll(/^ +LOAD +0x(\w+) 0x(\w+) 0x\w+ 0x(\w+) 0x(\w+) /gm)];
      expect(
        file.segments
          .filter(({ type }) => type === 1)
          .map(({ offset, address, fileSize, memorySize }) => [offset, address, fileSize, memorySize]),
      ).toEqual(loads.map(([, ...numbers]) => numbers.map((hex) => Number.parseInt(hex, 16))));
      const id = /Build ID: (\w+)/.exec(run('readelf', '-n', path))?.[1] ?? '';
      expect(file.buildId).toBe(id);
      file.close();
    },
  );

  test('a byte of the file has the address of its segment', () => {
    const file = openElf(program)!;
    const code = file.segments.find(({ type, flags }) => type === 1 && (flags & 1) !== 0)!;
    expect(file.addressOf(code.offset + 5)).toBe(code.address + 5);
    expect(file.addressOf(code.offset + code.fileSize - 1)).toBe(code.address + code.fileSize - 1);
    expect(file.addressOf(file.size + 1)).toBeUndefined();
    expect(file.addressOf(-1)).toBeUndefined();
    file.close();
  });

  test.each([['zlib'], ['zlib-gnu'], ['zstd']])('sections compressed with %s are read as they were', (method) => {
    const packed = join(folder, `packed-${method}`);
    try {
      run('objcopy', `--compress-debug-sections=${method}`, program, packed);
    } catch {
      return console.warn(`skipped: this objcopy does not know ${method}`);
    }
    const plain = openElf(program)!;
    const file = openElf(packed)!;
    for (const name of ['.debug_info', '.debug_line', '.debug_str', '.text']) {
      expect(file.section(name)).toEqual(plain.section(name));
    }
  });

  test('what is not in a file of debug information is not made up', () => {
    const debug = join(folder, 'primes.debug');
    run('objcopy', '--only-keep-debug', program, debug);
    const file = openElf(debug)!;
    expect(file.section('.text')).toBeUndefined();
    expect(file.section('.symtab')!.length).toBeGreaterThan(0);
    expect(file.buildId).toBe(openElf(program)!.buildId);
    expect(file.buildId).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each([
    ['elf32-i386', 3],
    ['elf32-big', 0],
    ['elf64-big', 0],
  ])('%s is read too', (target, machine) => {
    const data = join(folder, 'data');
    writeFileSync(data, 'x'.repeat(1000));
    const made = join(folder, target);
    run('objcopy', '-I', 'binary', '-O', target, data, made);
    const file = openElf(made)!;
    expect({ is64: file.is64, littleEndian: file.littleEndian, machine: file.machine }).toEqual({
      is64: target.includes('64'),
      littleEndian: !target.includes('big'),
      machine,
    });
    expect(file.section('.data')!.toString()).toBe('x'.repeat(1000));
    expect(file.section('.symtab')!.length).toBeGreaterThan(0);
  });

  test('a section that says it inflates to more than it can is left', () => {
    const bomb = join(folder, 'bomb');
    run('objcopy', '--compress-debug-sections=zlib', program, bomb);
    const { offset } = openElf(bomb)!.sections.get('.debug_info')!;
    const bytes = readFileSync(bomb);
    bytes.writeBigUInt64LE(1n << 40n, offset + 8);
    expect(elfOfBytes('bomb', bytes)!.section('.debug_info')).toBeUndefined();
    bytes.writeBigUInt64LE(16n, offset + 8);
    expect(elfOfBytes('bomb', bytes)!.section('.debug_info')).toBeUndefined();
  });

  test('a file cut anywhere, or with bits turned, gives what it has and never throws', () => {
    const small = join(folder, 'small');
    copyFileSync(program, small);
    run('strip', '--strip-debug', small);
    const whole = readFileSync(small);
    for (let length = 0; length < whole.length; length += length < 1100 ? 1 : 61) {
      lookAt(elfOfBytes('cut', whole.subarray(0, length)));
    }
    const heads = [...Array(1024).keys(), ...Array.from({ length: 2200 }, (_, i) => whole.length - 1 - i)];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...heads), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (turned) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of turned) bytes[at] = value;
          lookAt(elfOfBytes('turned', bytes));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('what lies behind the end of memory is nothing, with room for it or without', () => {
  const source = memorySource(Buffer.from('abc'));
  for (const offset of [3, 2 ** 40, 3_540_392_257_066_631_700]) {
    expect(source.read(offset, 4).length).toBe(0);
    expect(source.read(offset, 4, Buffer.alloc(4)).length).toBe(0);
  }
});
