import { type DebugData, IN_A_ROW } from './debug-data.ts';
import { unitLength } from './unit-header.ts';

/**
 * Goes through `.debug_aranges` (DWARF 5, 6.1.2), which tells without a look at units where their code is. Not all
 * compilers write it, and of a program of several languages it may cover a part.
 * @param take gets the place of a unit in `.debug_info`, and a piece of its code
 * @throws {DwarfError} it is broken
 */
export function eachAddressRange(data: DebugData, take: (unit: number, start: number, end: number) => void): void {
  const reader = data.reader('aranges', IN_A_ROW);
  for (let next = 0; next + 12 <= reader.size; ) {
    const set = next;
    reader.seek(set);
    const size = unitLength(reader);
    if (size === undefined) return;
    next = Math.min(reader.size, reader.position + size.length);
    const version = reader.u16();
    const unit = reader.uint(size.offsetSize);
    const addressSize = reader.u8();
    const selectorSize = reader.u8();
    if (version !== 2 || selectorSize !== 0 || (addressSize !== 4 && addressSize !== 8)) continue;
    const pair = addressSize * 2;
    reader.seek(set + Math.ceil((reader.position - set) / pair) * pair);
    while (reader.position + pair <= next) {
      data.effort.spend(1);
      const start = reader.uint(addressSize);
      const length = reader.uint(addressSize);
      if (length > 0) take(unit, start, start + length);
    }
  }
}
