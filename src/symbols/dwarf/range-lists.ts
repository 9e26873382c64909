import { DwarfError } from './dwarf-error.ts';
import type { Unit } from './unit.ts';

/**
 * Reads a list of `.debug_ranges` (DWARF 4, 2.17.3): pairs of addresses that count from a base.
 * @param into gets flat pairs of start and end
 * @throws {DwarfError} it is broken
 */
export function oldRanges(unit: Unit, offset: number, into: number[]): void {
  const { data, header } = unit;
  const { addressSize } = header;
  const reader = data.lookAt('ranges', offset);
  const chooser = addressSize === 8 ? -1 : 2 ** (addressSize * 8) - 1;
  let base = unit.lowPc;
  for (;;) {
    data.effort.spend(1);
    const start = reader.uint(addressSize);
    const end = reader.uint(addressSize);
    if (start === 0 && end === 0) return;
    if (start === chooser) base = end;
    else into.push(base + start, base + end);
  }
}

/** DW_RLE_* (DWARF 5, 7.25). */
const ENTRY = {
  end: 0,
  baseIndex: 1,
  startEndIndex: 2,
  startIndexLength: 3,
  offsets: 4,
  base: 5,
  startEnd: 6,
  startLength: 7,
} as const;

/** Reads a list of `.debug_rnglists` (DWARF 5, 2.17.3); as {@link oldRanges}. */
export function newRanges(unit: Unit, offset: number, into: number[]): void {
  const { data, header } = unit;
  const { addressSize } = header;
  const reader = data.lookAt('rnglists', offset);
  let base = unit.lowPc;
  for (;;) {
    data.effort.spend(1);
    const kind = reader.u8();
    switch (kind) {
      case ENTRY.end:
        return;
      case ENTRY.baseIndex:
        base = unit.indexedAddress(reader.uleb());
        break;
      case ENTRY.base:
        base = reader.uint(addressSize);
        break;
      case ENTRY.startEndIndex:
        into.push(unit.indexedAddress(reader.uleb()), unit.indexedAddress(reader.uleb()));
        break;
      case ENTRY.startIndexLength: {
        const start = unit.indexedAddress(reader.uleb());
        into.push(start, start + reader.uleb());
        break;
      }
      case ENTRY.offsets:
        into.push(base + reader.uleb(), base + reader.uleb());
        break;
      case ENTRY.startEnd:
        into.push(reader.uint(addressSize), reader.uint(addressSize));
        break;
      case ENTRY.startLength: {
        const start = reader.uint(addressSize);
        into.push(start, start + reader.uleb());
        break;
      }
      default:
        throw new DwarfError(`a range of kind ${kind}`);
    }
  }
}
