import type { ElfFile } from '../elf-file.ts';
import { type Architecture, architectureOf } from './architecture.ts';
import { CfaProgram } from './cfa-program.ts';
import { CfiReader } from './cfi-reader.ts';
import { FrameEntries } from './frame-entries.ts';
import { builtIndex, type FrameIndex, headerIndex } from './frame-index.ts';
import type { Rule } from './rule.ts';
import { RuleCache } from './rule-cache.ts';

/** Instructions executed for one file before its tables count as hostile; real recordings need some hundred thousand. */
const MOST_INSTRUCTIONS = 1 << 26;
const SEGMENT_LOAD = 1;
const FLAG_EXECUTE = 1;
const SEGMENT_EH_FRAME = 0x6474e550;

interface Table {
  readonly entries: FrameEntries;
  readonly index: FrameIndex;
  readonly program: CfaProgram;
}

/** The unwind tables of one executable or library. */
export class ObjectRules {
  readonly architecture: Architecture | undefined;
  readonly #file: ElfFile;
  readonly #cache = new RuleCache();
  /** Where rules are looked for, in this order; each is opened when those before it have none. */
  readonly #openers = [() => this.#openFrames(), () => this.#openDebugFrames()];
  readonly #tables: (Table | undefined)[] = [];
  #plts: readonly [string, { readonly address: number; readonly size: number }][] | undefined;

  constructor(file: ElfFile) {
    this.#file = file;
    this.architecture = file.littleEndian && file.is64 ? architectureOf(file.machine) : undefined;
  }

  /**
   * The rule at an address, as symbol tables have it; made once.
   * @returns undefined when no table covers it
   */
  ruleAt(address: number): Rule | undefined {
    return address >= 0 ? this.#cache.get(address, this.#makeRule) : undefined;
  }

  /**
   * What to take from an address of a process to get the one that symbol tables have.
   * @param start of a mapping of the file
   * @param end behind its last byte
   * @param offset in the file, of `start`
   * @returns undefined when the mapping holds no part that is loaded
   */
  biasOf({
    start,
    end,
    offset,
  }: {
    readonly start: number;
    readonly end: number;
    readonly offset: number;
  }): number | undefined {
    const shown = this.#file.segments.filter(
      (one) => one.type === SEGMENT_LOAD && one.offset < offset + (end - start) && one.offset + one.fileSize > offset,
    );
    const segment = shown.find(({ flags }) => (flags & FLAG_EXECUTE) !== 0) ?? shown[0];
    return segment && start - offset + segment.offset - segment.address;
  }

  /** Whether the trampoline of signal handlers stands at an address, in a library without a table for it. */
  #isTrampoline(address: number): boolean {
    const code = this.architecture?.trampoline;
    const segment = this.#file.segments.find((one) => address >= one.address && address < one.address + one.fileSize);
    if (code === undefined || segment === undefined) return false;
    return this.#file.read(segment.offset + (address - segment.address), code.length).equals(code);
  }

  readonly #makeRule = (address: number): Rule | undefined => {
    const { architecture } = this;
    if (architecture === undefined) return undefined;
    for (let index = 0; index < this.#openers.length; index++) {
      if (index === this.#tables.length) this.#tables.push(this.#openers[index]!());
      const table = this.#tables[index];
      const rule = table && ruleIn(table, address, architecture.programCounter);
      if (rule !== undefined) return rule;
    }
    // The return address of a handler is the trampoline's first byte, and callers are looked up a byte before; a program
    // that is inside of sigreturn stands behind its last.
    const { length } = architecture.trampoline;
    if (this.#isTrampoline(address + 1) || this.#isTrampoline(address - length)) return architecture.trampolineRule;
    return this.#pltRule(architecture, address);
  };

  #pltRule(architecture: Architecture, address: number): Rule | undefined {
    this.#plts ??= [...this.#file.sections].filter(([name]) => name.startsWith('.plt') || name === '.iplt');
    for (const [name, section] of this.#plts) {
      const offset = address - section.address;
      if (offset >= 0 && offset < section.size) return architecture.pltRule(name, offset);
    }
    return undefined;
  }

  #openFrames(): Table | undefined {
    const place = this.#ehFrame();
    if (place === undefined) return undefined;
    const reader = new CfiReader(place.bytes, place.address, this.#sectionAddress('.got') ?? 0);
    const entries = new FrameEntries(reader, false);
    const header = this.#header();
    const index = header && headerIndex(header.bytes, header.address, place.address);
    return { entries, index: index ?? builtIndex(entries), program: new CfaProgram(reader) };
  }

  #openDebugFrames(): Table | undefined {
    const bytes = this.#file.section('.debug_frame');
    if (bytes === undefined) return undefined;
    const reader = new CfiReader(bytes, 0, 0);
    const entries = new FrameEntries(reader, true);
    return { entries, index: builtIndex(entries), program: new CfaProgram(reader) };
  }

  #sectionAddress(section: string): number | undefined {
    return this.#file.sections.get(section)?.address;
  }

  #header(): { bytes: Buffer; address: number } | undefined {
    const segment = this.#file.segments.find(({ type }) => type === SEGMENT_EH_FRAME);
    if (segment === undefined) return undefined;
    return { bytes: this.#file.read(segment.offset, segment.fileSize), address: segment.address };
  }

  /** The section; where a file was stripped of its section headers, the place that the header table names. */
  #ehFrame(): { bytes: Buffer; address: number } | undefined {
    const bytes = this.#file.section('.eh_frame');
    if (bytes !== undefined) return { bytes, address: this.#sectionAddress('.eh_frame')! };
    const header = this.#header();
    if (header === undefined) return undefined;
    const reader = new CfiReader(header.bytes, header.address, header.address);
    reader.skip(1);
    const encoding = reader.u8();
    reader.skip(2);
    const address = reader.pointer(encoding);
    const holder = this.#file.segments.find(
      (one) => one.type === SEGMENT_LOAD && address >= one.address && address < one.address + one.fileSize,
    );
    if (reader.failed || holder === undefined) return undefined;
    const into = address - holder.address;
    return { bytes: this.#file.read(holder.offset + into, holder.fileSize - into), address };
  }
}

function ruleIn({ entries, index, program }: Table, address: number, programCounter: number): Rule | undefined {
  if (program.executed > MOST_INSTRUCTIONS) return undefined;
  const offset = index(address);
  const fde = offset < 0 ? undefined : entries.fdeAt(offset);
  if (fde === undefined || address < fde.start || address >= fde.end) return undefined;
  return program.ruleAt(fde, address, programCounter);
}
