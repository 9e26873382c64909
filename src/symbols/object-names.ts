import type { ElfFile } from './elf-file.ts';
import { PLT_SECTIONS, type PltStub, pltStubs } from './plt-names.ts';
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
  const stubs = stubsAt(binary, addresses);
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

/** The stub that holds each address. Only looked for where an address is in a section of stubs. */
function stubsAt(binary: ElfFile, addresses: Float64Array): (PltStub | undefined)[] {
  const ranges = PLT_SECTIONS.flatMap((name) => binary.sections.get(name) ?? []);
  const isStub = (address: number): boolean =>
    ranges.some((range) => address >= range.address && address < range.address + range.size);
  if (!addresses.some(isStub)) return [];
  const stubs = pltStubs(binary).sort((one, other) => one.address - other.address);
  return Array.from(addresses, (address) => (isStub(address) ? stubOf(stubs, address) : undefined));
}

function stubOf(stubs: readonly PltStub[], address: number): PltStub | undefined {
  let low = 0;
  let high = stubs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stubs[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const stub = stubs[low - 1];
  return stub !== undefined && address < stub.address + stub.size ? stub : undefined;
}
