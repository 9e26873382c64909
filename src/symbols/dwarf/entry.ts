import type { Abbreviation } from './abbreviations.ts';
import { AT, FORM } from './codes.ts';
import { directForm, readForm } from './forms.ts';
import type { SectionReader } from './section-reader.ts';
import type { Unit } from './unit.ts';

/** An entry of `.debug_info` with its attributes (a DIE); one object is filled again and again. */
export class Entry {
  tag = 0;
  hasChildren = false;
  private attributes: readonly number[] = [];
  private readonly forms: number[] = [];
  private readonly values: number[] = [];

  /** Reads what follows the code of an abbreviation. @throws {DwarfError} it is broken */
  read(reader: SectionReader, unit: Unit, { tag, hasChildren, attributes, forms, constants }: Abbreviation): void {
    this.tag = tag;
    this.hasChildren = hasChildren;
    this.attributes = attributes;
    for (let i = 0; i < forms.length; i++) {
      const form = directForm(reader, forms[i]!);
      this.forms[i] = form;
      this.values[i] = readForm(reader, form, unit.header, constants[i]!);
    }
  }

  has(attribute: number): boolean {
    return this.attributes.includes(attribute);
  }

  /** A constant or offset as it stands there; `otherwise` where the entry has none. */
  value(attribute: number, otherwise: number): number {
    const i = this.attributes.indexOf(attribute);
    return i < 0 ? otherwise : this.values[i]!;
  }

  /** The form of an attribute; 0 = it is not there. */
  form(attribute: number): number {
    const i = this.attributes.indexOf(attribute);
    return i < 0 ? FORM.none : this.forms[i]!;
  }

  /** Where in the section the entry's next sibling is; -1 = it does not say. */
  sibling(unit: Unit): number {
    const at = this.value(AT.sibling, -1);
    return at < 0 ? -1 : this.form(AT.sibling) === FORM.sectionReference ? at : unit.header.offset + at;
  }
}
