import type { ElfFile } from './elf-file.ts';
import { PltStubs } from './plt-names.ts';
import { namesFromTable, symbolSection } from './symbol-table.ts';

/**
 * Names for places of a binary's file.
 * @param binary whose program headers and stubs are used
 * @param tables the files with the symbol tables, the binary itself or others; the later for what the earlier leave
 * @param offsets ascending
 * @returns '' where no function is known
 */
export function namesOfAddresses(binary: ElfFile, tables: readonly ElfFile[], offsets: Float64Array): string[] {
  const addresses = Float64Array.from(offsets, (offset) => binary.addressOf(offset) ?? Number.NaN);
  const plt = new PltStubs(binary);
  const stubs = Array.from(addresses, (address) => plt.at(address));
  const wanted = [...addresses].filter((address, i) => !Number.isNaN(address) && stubs[i] === undefined);
  for (const stub of stubs) if (stub?.target !== undefined) wanted.push(stub.target);
  const asked = Float64Array.from(new Set(wanted)).sort();
  const names = new Map<number, string>();
  for (const table of tables) addNames(names, table, asked);
  return Array.from(addresses, (address, i) => {
    const stub = stubs[i];
    if (stub === undefined) return names.get(address) ?? '';
    return `${stub.name || names.get(stub.target!) || `*ABS*+0x${stub.target!.toString(16)}`}@plt`;
  });
}

function addNames(names: Map<number, string>, file: ElfFile, asked: Float64Array): void {
  const section = symbolSection(file, 'all') ?? symbolSection(file, 'dynamic');
  if (section === undefined) return;
  const left = asked.filter((address) => !names.has(address));
  for (const [i, name] of namesFromTable(file, section, left).entries()) if (name !== '') names.set(left[i]!, name);
}
