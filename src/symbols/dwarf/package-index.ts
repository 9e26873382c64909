import type { ElfFile } from '../elf-file.ts';
import type { SectionName } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { InflateBudget, openSection, type Part } from './section.ts';
import { SectionReader } from './section-reader.ts';

/** DW_SECT_* of DWARF 5 (7.3.5.3), which are those of GNU's packages before it as far as they matter here. */
const SECTIONS: ReadonlyMap<number, SectionName> = new Map([
  [1, 'info'],
  [3, 'abbrev'],
  [6, 'str_offsets'],
]);
const RANGE_LISTS = 8;

const SPAN = 1 << 12;

/**
 * Finds the parts of a package of split units (.dwp) that belong to one, by its `.debug_cu_index` (DWARF 5, 7.3.5).
 * @param id of the unit
 * @returns undefined where it is not there, or there is no index that can be read
 */
export function partsOf(file: ElfFile, id: number): ReadonlyMap<SectionName, Part> | undefined {
  const section = openSection(file, '.debug_cu_index', new InflateBudget());
  if (section === undefined) return undefined;
  try {
    return find(new SectionReader(section, file.littleEndian, SPAN), id);
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    return undefined;
  }
}

function find(reader: SectionReader, id: number): ReadonlyMap<SectionName, Part> | undefined {
  const isOld = reader.u32() === 2;
  reader.seek(0);
  if (!isOld && reader.u16() !== 5) return undefined;
  reader.seek(4);
  const [columns, units, slots] = [reader.u32(), reader.u32(), reader.u32()];
  const hashes = reader.position;
  const rows = hashes + slots * 8;
  const names = rows + slots * 4;
  const offsets = names + columns * 4;
  const sizes = offsets + units * columns * 4;
  if (!(sizes + units * columns * 4 <= reader.size)) return undefined;
  for (let slot = 0; slot < slots; slot++) {
    reader.seek(hashes + slot * 8);
    if (reader.u64() !== id) continue;
    reader.seek(rows + slot * 4);
    const row = reader.u32();
    if (row === 0 || row > units) continue;
    const parts = new Map<SectionName, Part>();
    for (let column = 0; column < columns; column++) {
      reader.seek(names + column * 4);
      const section = reader.u32();
      const name = section === RANGE_LISTS && !isOld ? 'rnglists' : SECTIONS.get(section);
      if (name === undefined) continue;
      const at = ((row - 1) * columns + column) * 4;
      reader.seek(offsets + at);
      const offset = reader.u32();
      reader.seek(sizes + at);
      parts.set(name, { offset, size: reader.u32() });
    }
    return parts;
  }
  return undefined;
}
