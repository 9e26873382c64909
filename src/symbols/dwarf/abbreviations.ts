import { FORM } from './codes.ts';
import { DwarfError, type Effort } from './dwarf-error.ts';
import { directForm, type FormSizes, formSize, readForm } from './forms.ts';
import type { SectionReader } from './section-reader.ts';

/** What entries of one kind are made of (DWARF 5, 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly number[];
  readonly forms: readonly number[];
  /** Of each attribute the value, where the abbreviation has it. */
  readonly constants: readonly number[];
  /** Bytes of an entry; -1 = they differ. */
  readonly size: number;
}

/** Compilers write some 20 at most. */
const MOST_ATTRIBUTES = 256;
/** A unit's table has some hundred entries. */
const MOST_ABBREVIATIONS = 1 << 16;

/** The abbreviations of a unit, read as far as they are asked for. */
export class AbbreviationTable {
  private readonly reader: SectionReader;
  private readonly sizes: FormSizes;
  private readonly effort: Effort;
  private readonly known = new Map<number, Abbreviation>();
  private readonly start: number;
  private next: number;

  /** @param offset in `.debug_abbrev`, which `reader` reads */
  constructor(reader: SectionReader, offset: number, sizes: FormSizes, effort: Effort) {
    this.reader = reader;
    this.sizes = sizes;
    this.effort = effort;
    this.start = offset;
    this.next = offset;
  }

  /** Whether a unit that has the same offset can use it. */
  fits({ version, offsetSize, addressSize }: FormSizes): boolean {
    const { sizes } = this;
    return version === sizes.version && offsetSize === sizes.offsetSize && addressSize === sizes.addressSize;
  }

  /** @throws {DwarfError} there is none of this code */
  get(code: number): Abbreviation {
    return this.known.get(code) ?? this.readUpTo(code);
  }

  /** As {@link get}, without keeping those before it: of most units nothing but the first entry is read. */
  only(code: number): Abbreviation {
    const { reader } = this;
    reader.seek(this.start);
    for (let count = 0; count < MOST_ABBREVIATIONS; count++) {
      const found = reader.uleb();
      if (found === 0) break;
      if (found === code) return this.read();
      this.pass();
    }
    throw new DwarfError(`an entry has abbreviation ${code}, which is not there`);
  }

  private readUpTo(wanted: number): Abbreviation {
    const { reader, known } = this;
    reader.seek(this.next);
    while (known.size < MOST_ABBREVIATIONS) {
      const code = reader.uleb();
      if (code === 0) break;
      const abbreviation = this.read();
      this.next = reader.position;
      if (!known.has(code)) known.set(code, abbreviation);
      if (code === wanted) return known.get(code)!;
    }
    throw new DwarfError(`an entry has abbreviation ${wanted}, which is not there`);
  }

  /** Goes over an abbreviation. */
  private pass(): void {
    const { reader } = this;
    reader.uleb();
    reader.u8();
    for (let count = 1; ; count++) {
      const attribute = reader.uleb();
      const form = reader.uleb();
      if (form === FORM.implicitConstant) reader.sleb();
      if (attribute === 0 && form === FORM.none) {
        this.effort.spend(count);
        return;
      }
    }
  }

  private read(): Abbreviation {
    const { reader, sizes } = this;
    const tag = reader.uleb();
    const hasChildren = reader.u8() !== 0;
    const attributes: number[] = [];
    const forms: number[] = [];
    const constants: number[] = [];
    let size = 0;
    for (;;) {
      const attribute = reader.uleb();
      const form = reader.uleb();
      const constant = form === FORM.implicitConstant ? reader.sleb() : 0;
      if (attribute === 0 && form === FORM.none) break;
      if (attributes.length === MOST_ATTRIBUTES) throw new DwarfError('an abbreviation of too many attributes');
      attributes.push(attribute);
      forms.push(form);
      constants.push(constant);
      const bytes = formSize(form, sizes);
      size = bytes < 0 || size < 0 ? -1 : size + bytes;
    }
    this.effort.spend(attributes.length + 1);
    return { tag, hasChildren, attributes, forms, constants, size };
  }
}

/** Goes over what an entry has. */
export function skipEntry(reader: SectionReader, { size, forms, constants }: Abbreviation, sizes: FormSizes): void {
  if (size >= 0) {
    reader.skip(size);
    return;
  }
  for (let i = 0; i < forms.length; i++) readForm(reader, directForm(reader, forms[i]!), sizes, constants[i]!);
}
