import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { openElf } from '../../../src/symbols/elf-file.ts';
import { CopiedStack } from '../../../src/symbols/unwind/copied-stack.ts';
import { ExpressionMachine } from '../../../src/symbols/unwind/expression.ts';
import { ObjectRules } from '../../../src/symbols/unwind/object-rules.ts';
import { Registers } from '../../../src/symbols/unwind/registers.ts';
import { requireTool } from '../../require-tool.ts';
import { cellsOf, type TableRow, tableRows } from './tables-of-readelf.ts';

const tools = process.arch === 'x64' && ['gcc', 'readelf', 'nm'].every((name) => requireTool(name, !!findTool(name)));
const folder = mkdtempSync(join(tmpdir(), 'pforge-cfi-'));
const run = (tool: string, ...args: string[]): string => execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1e9 });

function tableOf(path: string): TableRow[] {
  return tableRows(run('readelf', '--debug-dump=no-follow-links,frames-interp', path));
}

/** Every row that readelf prints is our rule of that address. */
function compare(path: string, rows: readonly TableRow[]): void {
  const rules = new ObjectRules(openElf(path)!);
  const wrong: unknown[] = [];
  for (const { address, cells } of rows) {
    const rule = rules.ruleAt(address);
    const ours = rule && cellsOf(rule, cells.keys());
    const same = ours && [...cells].every(([name, cell]) => ours.get(name) === (cell === 's' ? 'u' : cell));
    if (!same) wrong.push({ address: address.toString(16), cells, ours });
  }
  expect(wrong).toEqual([]);
}

const build = (name: string, ...args: string[]): string => {
  const path = join(folder, name);
  run('gcc', '-shared', '-o', path, ...args);
  return path;
};

describe.skipIf(!tools)('the rules of', () => {
  const source = join(import.meta.dirname, 'cfi.S');
  const libraries = run('ldd', process.execPath).match(/\/\S+/g) ?? [];

  test.each(libraries.map((path) => [path]))('%s are the rows that readelf prints', (path) => {
    const rows = tableOf(path);
    expect(rows.length).toBeGreaterThan(1);
    compare(path, rows);
  });

  test('every call frame instruction are the rows that readelf prints', () => {
    const path = build('every.so', source);
    const rows = tableOf(path);
    expect(rows.length).toBeGreaterThan(18);
    compare(path, rows);
  });

  test('a file without the table for searching are the same: one is made', () => {
    const path = build('no-header.so', source, '-Wl,--no-eh-frame-hdr');
    expect(openElf(path)!.sections.has('.eh_frame_hdr')).toBe(false);
    compare(path, tableOf(path));
  });

  test.each([[1], [3], [4]])('a .debug_frame with entries of version %i', (version) => {
    const c = join(import.meta.dirname, '../../../examples/primes.c');
    const flags = ['-g', '-O2', '-fPIC', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'];
    const path = build(`debug-${version}.so`, ...flags, `-Wa,--gdwarf-cie-version=${version}`, c);
    const rows = tableRows(
      run('readelf', '--debug-dump=no-follow-links,frames-interp', path).split('.debug_frame section')[1]!,
    );
    expect(rows.length).toBeGreaterThan(2);
    compare(path, rows);
  });

  test('a file without section headers are found through its segments', () => {
    const path = build('whole.so', source);
    const rows = tableOf(path);
    const stripped = join(folder, 'no-sections.so');
    const bytes = readFileSync(path);
    bytes.writeBigUInt64LE(BigInt(bytes.length), 0x28);
    bytes.fill(0, 0x3c, 0x40);
    writeFileSync(stripped, bytes);
    expect(openElf(stripped)!.sections.size).toBe(0);
    compare(stripped, rows);
  });

  test('PLT entries for which the linker wrote none are those that it writes', () => {
    const c = join(folder, 'calls.c');
    writeFileSync(c, 'int a(int); int b(int); int c(int); int main(void) { return a(1) + b(2) + c(3); }');
    const flags = ['-O0', '-fPIC', '-Wl,-z,lazy', '-x', 'c', c];
    const [described, bare] = ['', ',--no-ld-generated-unwind-info'].map(
      (flag, index) => openElf(build(`plt-${index}.so`, ...flags, `-Wl,-z,lazy${flag}`))!,
    );
    const plt = bare!.sections.get('.plt')!;
    const other = described!.sections.get('.plt')!;
    expect([plt.size, other.size]).toEqual([64, 64]);
    const memory = new CopiedStack();
    const machine = new ExpressionMachine();
    const registers = new Registers(memory);
    registers.set(7, 0x7000);
    for (let offset = 0; offset < plt.size; offset++) {
      const cfas = (
        [
          [described!, other],
          [bare!, plt],
        ] as const
      ).map(([file, { address }]) => {
        const rule = new ObjectRules(file).ruleAt(address + offset)!;
        registers.set(16, address + offset);
        if (rule.cfaExpression === undefined) return registers.get(rule.cfaRegister) + rule.cfaOffset;
        return machine.evaluate(rule.cfaExpression, registers, memory, Number.NaN);
      });
      expect(cfas[0]).toBeGreaterThan(0x7000);
      expect(cfas[1]).toBe(cfas[0]);
    }
  });

  test('a trampoline say that what it returns to was interrupted', () => {
    const path = build('signal.so', source);
    const symbols = run('nm', path);
    const at = (name: string): number => Number.parseInt(new RegExp(`^(\\w+) . ${name}$`, 'm').exec(symbols)![1]!, 16);
    const rules = new ObjectRules(openElf(path)!);
    expect(rules.ruleAt(at('trampoline'))?.signal).toBe(true);
    expect(rules.ruleAt(at('every'))?.signal).toBe(false);
    expect(rules.ruleAt(at('person'))).toBeUndefined();
  });
});
