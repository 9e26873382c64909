import { CfiReader } from './cfi-reader.ts';
import type { FrameEntries } from './frame-entries.ts';

/** Finds the offset of the FDE that may cover an address: the last one that does not start behind it; -1 = none. */
export type FrameIndex = (address: number) => number;

/** DW_EH_PE_datarel | DW_EH_PE_sdata4, the only encoding of the table that can be searched, and that all linkers write. */
const SEARCHABLE = 0x3b;

/**
 * The sorted table that linkers make of .eh_frame (.eh_frame_hdr; LSB Core, 10.6.2).
 * @param header the section's bytes, at `headerAddress`
 * @param frameAddress address of .eh_frame, which the offsets given count from
 * @returns undefined when there is no table that can be searched
 */
export function headerIndex(header: Buffer, headerAddress: number, frameAddress: number): FrameIndex | undefined {
  const reader = new CfiReader(header, headerAddress, headerAddress);
  const version = reader.u8();
  const pointerEncoding = reader.u8();
  const countEncoding = reader.u8();
  const tableEncoding = reader.u8();
  reader.skipPointer(pointerEncoding);
  const count = reader.pointer(countEncoding);
  const table = reader.position;
  if (version !== 1 || tableEncoding !== SEARCHABLE || reader.failed) return undefined;
  if (!(count >= 1 && count <= (header.length - table) / 8)) return undefined;
  return (address) => {
    const wanted = address - headerAddress;
    const found = lastNotAfter(count, (index) => header.readInt32LE(table + index * 8) <= wanted);
    return found < 0 ? -1 : headerAddress + header.readInt32LE(table + found * 8 + 4) - frameAddress;
  };
}

/** Goes through all entries once, for sections without a table. */
export function builtIndex(entries: FrameEntries): FrameIndex {
  const found: { start: number; offset: number }[] = [];
  entries.forEachFde((offset, start) => found.push({ start, offset }));
  found.sort((first, second) => first.start - second.start);
  const starts = Float64Array.from(found, ({ start }) => start);
  const offsets = Float64Array.from(found, ({ offset }) => offset);
  return (address) => offsets[lastNotAfter(starts.length, (index) => starts[index]! <= address)] ?? -1;
}

/** The last of `count` ascending places for which `holds`; -1 when it holds for none. */
function lastNotAfter(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
