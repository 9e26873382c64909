import type { ElfFile } from './elf-file.ts';
import { PltStubs } from './plt-names.ts';
import { namesFromTable, symbolSection } from './symbol-table.ts';

/**
 * Names for places of a binary's file.
 * @param binary whose program headers and stubs are used
 * @param symbols the file with the symbol table; may be the same
 * @param offsets ascending
 * @returns '' where no function is known
 */
export function namesOfAddresses(binary: ElfFile, symbols: ElfFile, offsets: Float64Array): string[] {
  const addresses = Float64Array.from(offsets, (offset) => binary.addressOf(offset) ?? Number.NaN);
  const plt = new PltStubs(binary);
  const stubs = Array.from(addresses, (address) => plt.at(address));
  const wanted = [...addresses].filter((address, i) => !Number.isNaN(address) && stubs[i] === undefined);
  for (const stub of stubs) if (stub?.target !== undefined) wanted.push(stub.target);
  const asked = Float64Array.from(new Set(wanted)).sort();
  const section = symbolSection(symbols, 'all') ?? symbolSection(symbols, 'dynamic');
  const found = section === undefined ? [] : namesFromTable(symbols, section, asked);
  const names = new Map(found.map((name, i) => [asked[i]!, name]));
  return Array.from(addresses, (address, i) => {
    const stub = stubs[i];
    if (stub === undefined) return names.get(address) ?? '';
    return `${stub.name || names.get(stub.target!) || `*ABS*+0x${stub.target!.toString(16)}`}@plt`;
  });
}
