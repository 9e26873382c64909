import { type CfiReader, POINTER_OMITTED } from './cfi-reader.ts';

/** What the entries of many functions have in common (common information entry). */
export interface Cie {
  readonly codeAlign: number;
  readonly dataAlign: number;
  readonly returnRegister: number;
  /** DW_EH_PE_* of the addresses in its FDEs. */
  readonly pointerEncoding: number;
  /** FDEs carry augmentation data, led by their length. */
  readonly augmented: boolean;
  /** Describes a signal trampoline. */
  readonly signal: boolean;
  /** Its instructions. */
  readonly from: number;
  readonly to: number;
}

/** How to unwind one function (frame description entry). */
export interface Fde {
  readonly cie: Cie;
  /** Addresses covered, as symbol tables have them. */
  readonly start: number;
  readonly end: number;
  /** Its instructions. */
  readonly from: number;
  readonly to: number;
}

const ABSOLUTE_8 = 0x04;
const ABSOLUTE_4 = 0x03;
/** Linkers make some tens; files that let each function name another are hostile. */
const MOST_CIES_KEPT = 4096;
const LENGTH_OF_64_BIT = 0xffffffff;

/** Entries of one .eh_frame of a 64-bit file (LSB Core, 10.6) or .debug_frame (DWARF 5, 6.4.1), read where they stand. */
export class FrameEntries {
  readonly reader: CfiReader;
  readonly #debug: boolean;
  readonly #cies = new Map<number, Cie | undefined>();

  /** @param debug it is a .debug_frame */
  constructor(reader: CfiReader, debug: boolean) {
    this.reader = reader;
    this.#debug = debug;
  }

  /** The FDE at an offset in the section; undefined when there is none or it is broken. */
  fdeAt(offset: number): Fde | undefined {
    const entry = this.#enter(offset);
    if (entry === undefined || entry.cieAt === undefined) return undefined;
    const content = this.reader.position;
    const cie = this.#cieAt(entry.cieAt);
    if (cie === undefined) return undefined;
    const { reader } = this;
    reader.seek(content, entry.end);
    const start = reader.pointer(cie.pointerEncoding);
    const length = reader.pointer(cie.pointerEncoding & 0x0f);
    if (cie.augmented) reader.skip(reader.uleb());
    if (reader.failed || !(length > 0)) return undefined;
    return { cie, start, end: start + length, from: reader.position, to: entry.end };
  }

  /** Goes through all FDEs once. A length that lies ends the walk: what follows cannot be found. */
  forEachFde(visit: (offset: number, start: number) => void): void {
    const size = this.reader.bytes.length;
    for (let offset = 0; offset < size; ) {
      const entry = this.#enter(offset);
      if (entry === undefined) {
        // A terminator; linkers that join files leave some in the middle.
        if (this.reader.failed) return;
        offset += 4;
        continue;
      }
      if (entry.cieAt !== undefined) {
        const fde = this.fdeAt(offset);
        if (fde !== undefined) visit(offset, fde.start);
      }
      offset = entry.end;
    }
  }

  /** Reads length and kind, and stands behind them. `cieAt` is undefined for a CIE. */
  #enter(offset: number): { end: number; cieAt: number | undefined } | undefined {
    const { reader } = this;
    reader.seek(offset, reader.bytes.length);
    let length = reader.u32();
    const wide = length === LENGTH_OF_64_BIT;
    if (wide) length = reader.u64();
    const idAt = reader.position;
    if (reader.failed || length === 0) return undefined;
    const end = idAt + length;
    if (end > reader.bytes.length) {
      reader.failed = true;
      return undefined;
    }
    if (!this.#debug) {
      const back = reader.u32();
      return { end, cieAt: back === 0 ? undefined : idAt - back };
    }
    const lower = reader.u32();
    const upper = wide ? reader.u32() : 0;
    const isCie = lower === 0xffffffff && (!wide || upper === 0xffffffff);
    return { end, cieAt: isCie ? undefined : upper * 2 ** 32 + lower };
  }

  #cieAt(offset: number): Cie | undefined {
    if (this.#cies.has(offset)) return this.#cies.get(offset);
    const entry = this.#enter(offset);
    const cie = entry === undefined || entry.cieAt !== undefined ? undefined : this.#readCie(entry.end);
    if (this.#cies.size === MOST_CIES_KEPT) this.#cies.clear();
    this.#cies.set(offset, cie);
    return cie;
  }

  #readCie(end: number): Cie | undefined {
    const { reader } = this;
    reader.seek(reader.position, end);
    const version = reader.u8();
    if (version !== 1 && version !== 3 && version !== 4) return undefined;
    const augmentation = reader.text();
    let pointerEncoding = ABSOLUTE_8;
    if (augmentation === 'eh') reader.skip(8);
    if (version === 4) {
      pointerEncoding = reader.u8() === 4 ? ABSOLUTE_4 : ABSOLUTE_8;
      // Segment selectors: no machine of ours has them.
      if (reader.u8() !== 0) return undefined;
    }
    const codeAlign = reader.uleb();
    const dataAlign = reader.sleb();
    const returnRegister = version === 1 ? reader.u8() : reader.uleb();
    const augmented = augmentation.startsWith('z');
    if (!augmented && augmentation !== '' && augmentation !== 'eh') return undefined;
    let signal = false;
    if (augmented) {
      const size = reader.uleb();
      const after = reader.position + size;
      for (const letter of augmentation.slice(1)) {
        if (letter === 'R') pointerEncoding = reader.u8();
        else if (letter === 'L') reader.u8();
        else if (letter === 'P') reader.skipPointer(reader.u8());
        else if (letter === 'S') signal = true;
        // B: return addresses signed with the other key, G: tagged memory; both unwind alike. After an unknown letter
        // no other can be read, but the length tells where the instructions begin.
        else if (letter !== 'B' && letter !== 'G') break;
      }
      if (reader.position > after || after > end) return undefined;
      reader.seek(reader.failed ? -1 : after, end);
    }
    if (reader.failed || pointerEncoding === POINTER_OMITTED) return undefined;
    return {
      codeAlign,
      dataAlign,
      returnRegister,
      pointerEncoding,
      augmented,
      signal,
      from: reader.position,
      to: end,
    };
  }
}
