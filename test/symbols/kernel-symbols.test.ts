import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelSymbols } from '../../src/symbols/kernel-symbols.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-kernel-'));
const TEXT = -0x7f000000;
const hex = (address: number): string => BigInt.asUintN(64, BigInt(address)).toString(16).padStart(16, '0');

function listOf(name: string, lines: readonly (readonly [address: number, type: string, name: string])[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map(([address, type, symbol]) => `${hex(address)} ${type} ${symbol}\n`).join(''));
  return path;
}

const list = listOf('list', [
  [0, 'A', 'fixed_percpu_data'],
  [0x1000, 'A', 'cpu_debug_store'],
  [TEXT, 'T', '_stext'],
  [TEXT, 'T', '_text'],
  [TEXT + 0x10, 't', 'first'],
  [TEXT + 0x20, 'R', 'no_code'],
  [TEXT + 0x30, 'W', 'memcpy'],
  [TEXT + 0x30, 'T', '__pi_memcpy'],
  [TEXT + 0x800, 't', '__pfx_padded'],
  [TEXT + 0x810, 't', 'padded'],
  [TEXT + 0x1000, 'D', 'last'],
  [TEXT + 0x4000_0100, 't', 'ext4_read\t[ext4]'],
  [TEXT + 0x4000_0000, 't', 'ext4_init\t[ext4]'],
  [TEXT + 0x3f00_0000, 'T', 'xfs_init\t[xfs]'],
]);

test.each([
  [TEXT, '_text', '[kernel.kallsyms]'],
  [TEXT + 0x2f, 'first', '[kernel.kallsyms]'],
  [TEXT + 0x31, '__pi_memcpy', '[kernel.kallsyms]'],
  [TEXT + 0x80f, 'padded', '[kernel.kallsyms]'],
  [TEXT + 0x810, 'padded', '[kernel.kallsyms]'],
  [TEXT + 0x1fff, 'last', '[kernel.kallsyms]'],
  [TEXT + 0x2000_0000, '', '[kernel.kallsyms]'],
  [TEXT + 0x3f00_0008, 'xfs_init', '[xfs]'],
  [TEXT + 0x4000_00ff, 'ext4_init', '[ext4]'],
  [TEXT + 0x4000_0100, 'ext4_read', '[ext4]'],
  [TEXT - 1, '', '[kernel.kallsyms]'],
])('%d is %j of %s', (address, name, module) => {
  expect(kernelSymbols(Float64Array.of(address), { list })).toEqual({
    names: [name],
    modules: [module],
    restricted: false,
  });
});

test('many at once are named as each alone', () => {
  const all = Float64Array.from({ length: 2000 }, (_, i) => TEXT + i * 0x8_4321).sort();
  const { names } = kernelSymbols(all, { list });
  expect(names).toEqual(Array.from(all, (address) => kernelSymbols(Float64Array.of(address), { list }).names[0]));
});

test('a kernel that hides its addresses is told', () => {
  const hidden = listOf('hidden', [
    [0, 'T', '_text'],
    [0, 't', 'first'],
    [0, 't', 'ext4_init\t[ext4]'],
  ]);
  expect(kernelSymbols(Float64Array.of(TEXT), { list: hidden })).toEqual({
    names: [''],
    modules: ['[kernel.kallsyms]'],
    restricted: true,
  });
});

test('a kernel that stood elsewhere when it was recorded', () => {
  const reference = { name: '_text', address: TEXT - 0x20_0000 };
  const { names } = kernelSymbols(Float64Array.of(TEXT - 0x20_0000 + 0x11, TEXT + 0x3ee0_0009), { list, reference });
  expect(names).toEqual(['first', 'xfs_init']);
});

test("another kernel's names are those of perf's copy, or none", () => {
  const buildId = 'ab'.repeat(20);
  const options = { buildId, debugFolders: [folder] };
  expect(kernelSymbols(Float64Array.of(TEXT), options).names).toEqual(['']);
  const place = join(folder, '[kernel.kallsyms]', buildId);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'kallsyms'), readFileSync(list));
  expect(kernelSymbols(Float64Array.of(TEXT), options).names).toEqual(['_text']);
});

test('a list cut anywhere, or none, gives names or none', () => {
  const whole = readFileSync(list);
  for (let length = 0; length < whole.length; length++) {
    const cut = join(folder, `cut${length}`);
    writeFileSync(cut, whole.subarray(0, length));
    expect(kernelSymbols(Float64Array.of(TEXT + 0x11), { list: cut }).names.length).toBe(1);
  }
  expect(kernelSymbols(Float64Array.of(TEXT), { list: join(folder, 'none') }).names).toEqual(['']);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(kernelSymbols(Float64Array.of(TEXT), { list: join(folder, 'pipe') }).names).toEqual(['']);
});

const own = /^(ffffffff[0-9a-f]{8}) T (_text)$/m.exec(readFileSync('/proc/kallsyms', 'latin1'));
describe.skipIf(own === null)('the kernel that runs', () => {
  test('every 97th of its functions has its name', () => {
    const lines = readFileSync('/proc/kallsyms', 'latin1')
      .split('\n')
      .map((line) => /^(ffffffff[0-9a-f]{8}) [tT] (\S+)$/.exec(line))
      .filter((line) => line !== null);
    const byAddress = new Map<string, string[]>();
    for (const [, address, name] of lines) {
      byAddress.set(address!, [...(byAddress.get(address!) ?? []), name!.replace(/^__pfx_/, '')]);
    }
    const wanted = [...byAddress].filter((_, i) => i % 97 === 0);
    const { names } = kernelSymbols(
      Float64Array.from(wanted, ([address]) => Number.parseInt(address.slice(8), 16) - 0x100000000),
    );
    for (const [i, [, aliases]] of wanted.entries()) expect(aliases).toContain(names[i]);
  });
});
