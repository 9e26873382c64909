import type { AbbreviationTable } from './abbreviations.ts';
import { AT, FORM, TAG } from './codes.ts';
import type { DebugData } from './debug-data.ts';
import { Entry } from './entry.ts';
import { newRanges, oldRanges } from './range-lists.ts';
import type { SectionReader } from './section-reader.ts';
import type { UnitHeader } from './unit-header.ts';

/** A unit of `.debug_info`, and what its first entry says of all. */
export class Unit {
  readonly data: DebugData;
  readonly header: UnitHeader;
  readonly tag: number;
  /** What the addresses of its range lists count from. */
  readonly lowPc: number;
  /** Its line program's place in `.debug_line`; -1 = it has none. */
  readonly statements: number;
  /** As DW_LANG_*. */
  readonly language: number;
  /** Where relative paths of its files begin. */
  readonly folder: string;
  /** The file that holds its entries, where the compiler split it off; '' = this one. */
  readonly dwoName: string;
  /** Flat pairs; undefined = it does not say where its code is. */
  readonly ranges: readonly number[] | undefined;
  /** What it and the unit that was split off it have in common; 0 = nothing. */
  readonly id: number;
  /** The unit that it was split off, which has its addresses. */
  private readonly skeleton: Unit | undefined;
  private readonly stringOffsetsBase: number;
  private readonly addressBase: number;
  private readonly rangeListsBase: number;
  /** What range lists count from that units which were split off (before DWARF 5) refer to. */
  private readonly rangesBase: number;

  /**
   * Reads a unit's first entry.
   * @param reader is left behind that
   * @param skeleton the unit that it was split off
   * @throws {DwarfError} it is broken
   */
  constructor(
    data: DebugData,
    header: UnitHeader,
    reader: SectionReader,
    abbreviations: AbbreviationTable,
    skeleton?: Unit,
  ) {
    this.data = data;
    this.header = header;
    this.skeleton = skeleton;
    const entry = new Entry();
    reader.seek(header.first);
    entry.read(reader, this, abbreviations.only(reader.uleb()));
    this.tag = entry.tag;
    const isNew = header.version >= 5;
    // In files that were split off the tables begin behind the heads of their sections.
    const [stringsHead, listsHead] = header.offsetSize === 8 ? [16, 20] : [8, 12];
    const isSplit = isNew && skeleton !== undefined;
    this.stringOffsetsBase = entry.value(AT.stringOffsetsBase, isSplit ? stringsHead : 0);
    this.addressBase = entry.value(AT.addressBase, entry.value(AT.gnuAddressBase, isNew ? 8 : 0));
    this.rangeListsBase = entry.value(AT.rangeListsBase, isSplit ? listsHead : 0);
    this.rangesBase = entry.value(AT.gnuRangesBase, 0);
    this.id = header.id || entry.value(AT.gnuDwoId, 0);
    this.lowPc = skeleton?.lowPc ?? this.address(entry, AT.lowPc) ?? 0;
    this.statements = entry.value(AT.statements, -1);
    this.language = entry.value(AT.language, 0);
    this.folder = this.text(entry, AT.compilationFolder);
    this.dwoName = this.text(entry, AT.dwoName) || this.text(entry, AT.gnuDwoName);
    const holdsCode = this.tag === TAG.compileUnit || this.tag === TAG.skeletonUnit;
    const ranges: number[] = [];
    this.ranges = holdsCode && !this.rangesOf(entry, ranges) ? undefined : ranges;
  }

  /** A text of an entry; '' where it has none. */
  text(entry: Entry, attribute: number): string {
    const form = entry.form(attribute);
    return form === FORM.none ? '' : this.textOf(form, entry.value(attribute, 0));
  }

  /** @param value as {@link readForm} gave it @param inline the section that texts in place are in */
  textOf(form: number, value: number, inline: 'info' | 'line' = 'info'): string {
    const { data } = this;
    switch (form) {
      case FORM.text:
        return data.lookAt(inline, value).text();
      case FORM.textOffset:
        return data.string('str', value);
      case FORM.lineTextOffset:
        return data.string('line_str', value);
      case FORM.gnuOtherTextOffset:
      case FORM.otherTextOffset:
        return data.others.shared?.string('str', value) ?? '';
      case FORM.textIndex:
      case FORM.textIndex1:
      case FORM.textIndex2:
      case FORM.textIndex3:
      case FORM.textIndex4:
      case FORM.gnuTextIndex: {
        const { offsetSize } = this.header;
        return data.string(
          'str',
          data.lookAt('str_offsets', this.stringOffsetsBase + value * offsetSize).uint(offsetSize),
        );
      }
      default:
        return '';
    }
  }

  /**
   * The code of an entry, as flat pairs of start and end, which are added to a list.
   * @returns false where the entry does not say
   */
  rangesOf(entry: Entry, into: number[]): boolean {
    const form = entry.form(AT.ranges);
    if (form !== FORM.none) {
      this.readRanges(form, entry.value(AT.ranges, 0), into);
      return true;
    }
    const low = this.address(entry, AT.lowPc);
    const highForm = entry.form(AT.highPc);
    if (low === undefined || highForm === FORM.none) return false;
    const high = isAddress(highForm) ? this.address(entry, AT.highPc)! : low + entry.value(AT.highPc, 0);
    into.push(low, high);
    return true;
  }

  /** Where an entry refers to. @returns undefined where that is nowhere that is here */
  reference(entry: Entry, attribute: number): { readonly data: DebugData; readonly offset: number } | undefined {
    const { data, header } = this;
    const value = entry.value(attribute, 0);
    switch (entry.form(attribute)) {
      case FORM.reference1:
      case FORM.reference2:
      case FORM.reference4:
      case FORM.reference8:
      case FORM.referenceLeb:
        return { data, offset: header.offset + value };
      case FORM.sectionReference:
        return { data, offset: value };
      case FORM.gnuOtherReference:
      case FORM.otherReference4:
      case FORM.otherReference8:
        return data.others.shared && { data: data.others.shared, offset: value };
      default:
        return undefined;
    }
  }

  /** An entry of `.debug_addr`. */
  indexedAddress(index: number): number {
    if (this.skeleton !== undefined) return this.skeleton.indexedAddress(index);
    const { addressSize } = this.header;
    return this.data.lookAt('addr', this.addressBase + index * addressSize).uint(addressSize);
  }

  private address(entry: Entry, attribute: number): number | undefined {
    const form = entry.form(attribute);
    if (form === FORM.none) return undefined;
    const value = entry.value(attribute, 0);
    return form === FORM.address || !isAddress(form) ? value : this.indexedAddress(value);
  }

  private readRanges(form: number, value: number, into: number[]): void {
    if (this.header.version < 5) {
      const { skeleton } = this;
      if (skeleton === undefined) oldRanges(this, value, into);
      else oldRanges(skeleton, skeleton.rangesBase + value, into);
      return;
    }
    let offset = value;
    if (form === FORM.rangeListIndex) {
      const { offsetSize } = this.header;
      const place = this.data.lookAt('rnglists', this.rangeListsBase + value * offsetSize);
      offset = this.rangeListsBase + place.uint(offsetSize);
    }
    newRanges(this, offset, into);
  }
}

function isAddress(form: number): boolean {
  switch (form) {
    case FORM.address:
    case FORM.addressIndex:
    case FORM.addressIndex1:
    case FORM.addressIndex2:
    case FORM.addressIndex3:
    case FORM.addressIndex4:
    case FORM.gnuAddressIndex:
      return true;
    default:
      return false;
  }
}
