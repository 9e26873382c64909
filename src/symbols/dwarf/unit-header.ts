import { UNIT_TYPE } from './codes.ts';
import type { FormSizes } from './forms.ts';
import type { SectionReader } from './section-reader.ts';

/** The head of a unit in `.debug_info` (DWARF 5, 7.5.1). */
export interface UnitHeader extends FormSizes {
  /** Where it begins in the section. */
  readonly offset: number;
  /** Behind its last byte. */
  readonly end: number;
  /** Where its first entry is; `end` where it has none, or is of a version that nobody knows. */
  readonly first: number;
  /** As DW_UT_*; those of before DWARF 5 are compile units, or what their first entry says. */
  readonly type: number;
  readonly abbreviations: number;
  /** What a unit and the one that was split off it have in common; 0 = nothing. To 53 bits. */
  readonly id: number;
}

/** What a length field of 4 bytes says where one of 8 follows: 64-bit DWARF (7.4). */
const LENGTH_64 = 0xffffffff;
const LENGTH_RESERVED = 0xfffffff0;
/** The head of before DWARF 5, with offsets of 4 bytes. */
const SHORTEST = 11;

/**
 * Reads a unit's length, which counts from behind it.
 * @returns undefined where it is none
 * @throws {DwarfError} the section ends
 */
export function unitLength(
  reader: SectionReader,
): { readonly length: number; readonly offsetSize: number } | undefined {
  const short = reader.u32();
  if (short < LENGTH_RESERVED) return { length: short, offsetSize: 4 };
  if (short !== LENGTH_64) return undefined;
  const length = reader.u64();
  return length >= 0 ? { length, offsetSize: 8 } : undefined;
}

/**
 * Reads the head of a unit.
 * @returns undefined where none is: then nobody knows where the next begins
 * @throws {DwarfError} the section ends within it
 */
export function readUnitHeader(reader: SectionReader, offset: number): UnitHeader | undefined {
  if (!(offset >= 0 && offset + SHORTEST <= reader.size)) return undefined;
  reader.seek(offset);
  const size = unitLength(reader);
  if (size === undefined || size.length === 0) return undefined;
  const { offsetSize } = size;
  const end = Math.min(reader.size, reader.position + size.length);
  const version = reader.u16();
  if (version < 2 || version > 5) {
    return { offset, end, first: end, version, offsetSize, addressSize: 8, type: 0, abbreviations: 0, id: 0 };
  }
  const type = version === 5 ? reader.u8() : UNIT_TYPE.compile;
  const sizeFirst = version === 5 ? reader.u8() : 0;
  const abbreviations = reader.uint(offsetSize);
  const addressSize = version === 5 ? sizeFirst : reader.u8();
  const id = type === UNIT_TYPE.skeleton || type === UNIT_TYPE.splitCompile ? reader.u64() : 0;
  if (type === UNIT_TYPE.type || type === UNIT_TYPE.splitType) reader.skip(8 + offsetSize);
  const first = Math.min(end, reader.position);
  return { offset, end, first, version, offsetSize, addressSize, type, abbreviations, id };
}
