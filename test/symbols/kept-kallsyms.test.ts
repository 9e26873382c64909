import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { coreSymbol } from '../../src/symbols/kallsyms.ts';
import { isKept, keepSymbols, keptSymbols } from '../../src/symbols/kept-kallsyms.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'kernel-symbols');
const BUILD = 'ab'.repeat(20);
const TEXT = -0x7f000000;
const reference = { name: '_text', address: TEXT };

const hex = (address: number): string => BigInt.asUintN(64, BigInt(address)).toString(16).padStart(16, '0');
const line = (address: number, name: string, type = 't'): string => `${hex(address)} ${type} ${name}\n`;

/** Distances from one symbol to the next, names' lengths, and which are no code. */
const symbols = fc.array(
  fc.record({ step: fc.integer({ min: 0, max: 500 }), length: fc.nat(500), type: fc.constantFrom('t', 'T', 'R', 'r') }),
  { minLength: 2, maxLength: 300 },
);

function listOf(made: readonly { step: number; length: number; type: string }[]): Buffer {
  let address = TEXT;
  const lines = made.map(({ step, length, type }, i) => {
    address += step;
    return line(address, `f${i}${'_'.repeat(length)}`, type);
  });
  return Buffer.from(
    `${line(0, 'percpu', 'A')}${line(0x5000, 'more_percpu', 'A')}${line(TEXT, '_text', 'T')}${lines.join('')}`,
  );
}

test('each address has the symbol of the whole list, or the copy says that it does not know', () => {
  fc.assert(
    fc.property(
      symbols,
      fc.array(fc.integer({ min: -100, max: 200_000 })),
      fc.integer({ min: -5, max: 5 }),
      (made, offsets, moved) => {
        const list = listOf(made);
        keepSymbols(path, BUILD, list);
        const shift = moved * 0x20_0000;
        const lastAddress = TEXT + made.reduce((sum, { step }) => sum + step, 0);
        for (const offset of offsets) {
          const address = TEXT + offset - shift;
          const moved = { name: '_text', address: TEXT - shift };
          const kept = keptSymbols(path, BUILD, Float64Array.of(address), moved);
          if (kept === undefined) {
            // Only what lies within the list is sure: behind it modules begin
            expect(offset < 0 || TEXT + offset >= lastAddress || coreSymbol(list, TEXT + offset)!.type !== 't').toBe(
              true,
            );
          } else expect(kept).toEqual({ found: [coreSymbol(list, TEXT + offset)], shift });
        }
      },
    ),
    { numRuns: 60 },
  );
});

const many = listOf(Array.from({ length: 5000 }, (_, i) => ({ step: 16, length: i % 40, type: 't' })));
const all = Float64Array.from({ length: 4999 }, (_, i) => TEXT + i * 16 + 20);

test('many at once', () => {
  keepSymbols(path, BUILD, many);
  const { found } = keptSymbols(path, BUILD, all, reference)!;
  expect(found).toEqual(Array.from(all, (address) => coreSymbol(many, address)));
});

test('a copy of another kernel, one that others may write, a cut one, or none, tells nothing', () => {
  keepSymbols(path, BUILD, many);
  const one = Float64Array.of(TEXT + 20);
  expect(keptSymbols(path, BUILD, one, reference)).toBeDefined();
  expect(keptSymbols(path, 'cd'.repeat(20), one, reference)).toBeUndefined();
  expect(keptSymbols(path, '', one, reference)).toBeUndefined();
  expect(keptSymbols(path, BUILD, one, undefined)).toBeUndefined();
  expect(keptSymbols(path, BUILD, one, { name: '_text', address: 0 })).toBeUndefined();
  chmodSync(path, 0o622);
  expect(keptSymbols(path, BUILD, one, reference)).toBeUndefined();
  chmodSync(path, 0o600);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length += 997) {
    writeFileSync(path, whole.subarray(0, length));
    expect(keptSymbols(path, BUILD, one, reference)).toBeUndefined();
  }
  writeFileSync(path, Buffer.from(`kernel symbols 1 ${BUILD} -1 -1 ${whole.length - 112} `.padEnd(whole.length)));
  expect(keptSymbols(path, BUILD, one, reference)).toBeUndefined();
  rmSync(path);
  expect(keptSymbols(path, BUILD, one, reference)).toBeUndefined();
  mkdirSync(path);
  expect(keptSymbols(path, BUILD, one, reference)).toBeUndefined();
  rmSync(path, { recursive: true });
});

test('a copy is known to be there, so that it is not written again', () => {
  expect(isKept(path, BUILD, many.length)).toBe(false);
  keepSymbols(path, BUILD, many);
  expect(isKept(path, BUILD, many.length)).toBe(true);
  expect(isKept(path, BUILD, many.length - 1)).toBe(false);
  expect(isKept(path, 'cd'.repeat(20), many.length)).toBe(false);
  writeFileSync(path, readFileSync(path).subarray(0, 5000));
  expect(isKept(path, BUILD, many.length)).toBe(false);
  rmSync(path);
});

test('a list that hides its addresses is not kept', () => {
  keepSymbols(path, BUILD, Buffer.from(`${line(0, '_text', 'T')}${line(0, 'first')}`));
  expect(readdirSync(folder)).toEqual([]);
});

const own = /^(ffffffff[0-9a-f]{8}) T _text$/m.exec(readFileSync('/proc/kallsyms', 'latin1'));
test.skipIf(own === null)('the kernel that runs: the copy and its own list name alike', async () => {
  // A process that has read the list once keeps no copy of it
  vi.resetModules();
  const { kernelSymbols } = await import('../../src/symbols/kernel-symbols.ts');
  const text = Number.parseInt(own![1]!.slice(8), 16) - 0x100000000;
  const addresses = Float64Array.from({ length: 500 }, (_, i) => text + i * 4099 + 7);
  const { names } = kernelSymbols(addresses, { reference: { name: '_text', address: text }, keptIn: folder });
  const buildId = readFileSync(path, 'latin1').split(' ', 4)[3]!;
  const moved = addresses.map((address) => address - 0x20_0000);
  const kept = keptSymbols(path, buildId, moved, { name: '_text', address: text - 0x20_0000 })!;
  expect(kept.shift).toBe(0x20_0000);
  // What lies too far behind a symbol is taken out later
  for (const [i, name] of names.entries()) if (name !== '') expect(kept.found[i]!.name).toBe(name);
  expect(names.filter((name) => name !== '').length).toBeGreaterThan(100);
});
