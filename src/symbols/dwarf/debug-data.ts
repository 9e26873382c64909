import type { ElfFile } from '../elf-file.ts';
import { ElfStrings } from '../elf-strings.ts';
import { DwarfError, Effort } from './dwarf-error.ts';
import { InflateBudget, openSection, type Part, type Section } from './section.ts';
import { SectionReader } from './section-reader.ts';

/** How many bytes are read at once where one thing is read after another. */
export const IN_A_ROW = 1 << 17;
/** And where single things are looked at here and there. */
export const HERE_AND_THERE = 1 << 9;

export type SectionName =
  | 'abbrev'
  | 'addr'
  | 'aranges'
  | 'info'
  | 'line'
  | 'line_str'
  | 'ranges'
  | 'rnglists'
  | 'str'
  | 'str_offsets';

/** Files that belong to one. */
export interface OtherFiles {
  /** What several files have in common, which dwz moved to a file of its own (`.gnu_debugaltlink`). */
  readonly shared?: DebugData;
  /** Opens what the compiler split off a unit: in a file of its own (.dwo), or with others in a package (.dwp). */
  readonly openSplit?: (name: string, folder: string, id: number) => DebugData | undefined;
  close?(): void;
}

/** Where the sections of units are that were split off. */
export interface Split {
  /** The pieces of a package that belong to one unit; what it does not name belongs to all. */
  readonly parts: ReadonlyMap<SectionName, Part>;
}

/** The sections of debug information of one file, opened as they are needed. */
export class DebugData {
  readonly effort: Effort;
  readonly others: OtherFiles;
  private readonly file: ElfFile;
  private readonly split: Split | undefined;
  private readonly sections = new Map<SectionName, Section | undefined>();
  private readonly strings = new Map<SectionName, ElfStrings>();
  private readonly budget = new InflateBudget();
  /** Readers for looking at single places, one for each section. */
  private readonly lookers = new Map<SectionName, SectionReader>();

  /** @param split says that the file is one of units that were split off */
  constructor(file: ElfFile, others: OtherFiles = {}, split?: Split) {
    this.file = file;
    this.others = others;
    this.split = split;
    this.effort = new Effort((this.section('info')?.size ?? 0) + (this.section('line')?.size ?? 0));
  }

  has(name: SectionName): boolean {
    return this.section(name) !== undefined;
  }

  /** A reader of its own. @throws {DwarfError} the file has no such section, or a broken one */
  reader(name: SectionName, span: number): SectionReader {
    const section = this.section(name);
    if (section === undefined) throw new DwarfError(`it has no .debug_${name}, or a broken one`);
    return new SectionReader(section, this.file.littleEndian, span);
  }

  /** A reader that is at a place, until it is asked for again. @throws {DwarfError} as {@link reader} */
  lookAt(name: SectionName, offset: number): SectionReader {
    let reader = this.lookers.get(name);
    if (reader === undefined) {
      reader = this.reader(name, HERE_AND_THERE);
      this.lookers.set(name, reader);
    }
    reader.seek(offset);
    return reader;
  }

  /** A text out of `.debug_str` or `.debug_line_str`; '' where none is. */
  string(name: 'str' | 'line_str', offset: number): string {
    let strings = this.strings.get(name);
    if (strings === undefined) {
      const section = this.section(name) ?? { size: 0, read: () => Buffer.alloc(0) };
      strings = new ElfStrings(section, { offset: 0, size: section.size });
      this.strings.set(name, strings);
    }
    return strings.at(offset);
  }

  close(): void {
    this.file.close();
    this.others.close?.();
  }

  private section(name: SectionName): Section | undefined {
    if (!this.sections.has(name)) {
      const { split } = this;
      const full = `.debug_${name}${split === undefined ? '' : '.dwo'}`;
      this.sections.set(name, openSection(this.file, full, this.budget, split?.parts.get(name)));
    }
    return this.sections.get(name);
  }
}
