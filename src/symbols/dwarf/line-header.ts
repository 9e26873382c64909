import { FORM } from './codes.ts';
import { HERE_AND_THERE } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { type FormSizes, readForm } from './forms.ts';
import type { SectionReader } from './section-reader.ts';
import type { Unit } from './unit.ts';
import { unitLength } from './unit-header.ts';

/** The head of a line program (DWARF 5, 6.2.4), without its files. */
export interface LineHeader {
  /** The program's first instruction, and behind its last. */
  readonly program: number;
  readonly end: number;
  readonly instructionLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  /** Number of operands of each standard instruction, from 1 on. */
  readonly operands: readonly number[];
}

/** A text as it stands somewhere. */
interface TextPlace {
  readonly form: number;
  readonly value: number;
}

interface FilePlace extends TextPlace {
  readonly folder: number;
}

/** DW_LNCT_* */
const CONTENT_PATH = 1;
const CONTENT_FOLDER = 2;

/** The files that a unit's line program and its inlined functions name by number. */
export class LineFiles {
  readonly header: LineHeader;
  private readonly unit: Unit;
  private readonly version: number;
  private readonly folders: TextPlace[] = [];
  private readonly files: FilePlace[] = [];
  private readonly paths = new Map<number, string>();

  /** @throws {DwarfError} it is broken */
  constructor(unit: Unit) {
    this.unit = unit;
    const { data } = unit;
    const reader = data.reader('line', HERE_AND_THERE * 8);
    reader.seek(unit.statements);
    const size = unitLength(reader);
    if (size === undefined) throw new DwarfError('a line program without length');
    const end = Math.min(reader.size, reader.position + size.length);
    const { offsetSize } = size;
    this.version = reader.u16();
    if (this.version < 2 || this.version > 5) throw new DwarfError(`a line program of version ${this.version}`);
    let { addressSize } = unit.header;
    if (this.version === 5) {
      addressSize = reader.u8();
      reader.skip(1);
    }
    const length = reader.uint(offsetSize);
    const program = reader.position + length;
    const instructionLength = reader.u8();
    if (this.version >= 4) reader.skip(1);
    reader.skip(1);
    const lineBase = (reader.u8() << 24) >> 24;
    const lineRange = reader.u8();
    if (lineRange === 0) throw new DwarfError('a line program whose lines have no range');
    const operands = [0];
    for (let left = reader.u8(); left > 1; left--) operands.push(reader.u8());
    if (this.version === 5) this.readTables(reader, { version: 5, offsetSize, addressSize });
    else this.readOldTables(reader);
    this.header = { program, end, instructionLength, lineBase, lineRange, operands };
  }

  /** The path of a file by its number; '' where there is none. */
  path(number: number): string {
    let path = this.paths.get(number);
    if (path === undefined) {
      path = this.makePath(number);
      this.paths.set(number, path);
    }
    return path;
  }

  private makePath(number: number): string {
    const isNew = this.version === 5;
    const file = this.files[isNew ? number : number - 1];
    if (file === undefined) return '';
    const name = this.text(file);
    if (name === '' || name.startsWith('/')) return name;
    // Before DWARF 5 the unit's own folder was number 0, without being in the table.
    const place = this.folders[isNew ? file.folder : file.folder - 1];
    const folder = place === undefined ? '' : this.text(place);
    const own = this.unit.folder;
    if (folder === '' || folder === own) return joined(own, name);
    return joined(folder.startsWith('/') ? folder : joined(own, folder), name);
  }

  private text({ form, value }: TextPlace): string {
    return this.unit.textOf(form, value, 'line');
  }

  private readOldTables(reader: SectionReader): void {
    for (;;) {
      const value = textPlace(reader);
      if (value < 0) break;
      this.unit.data.effort.spend(1);
      this.folders.push({ form: FORM.text, value });
    }
    for (;;) {
      const value = textPlace(reader);
      if (value < 0) return;
      this.unit.data.effort.spend(1);
      this.files.push({ form: FORM.text, value, folder: reader.uleb() });
      reader.uleb();
      reader.uleb();
    }
  }

  private readTables(reader: SectionReader, sizes: FormSizes): void {
    this.readTable(reader, sizes, (path) => this.folders.push(path));
    this.readTable(reader, sizes, (path) => this.files.push(path));
  }

  private readTable(reader: SectionReader, sizes: FormSizes, take: (path: FilePlace) => void): void {
    const format: { content: number; form: number }[] = [];
    for (let left = reader.u8(); left > 0; left--) format.push({ content: reader.uleb(), form: reader.uleb() });
    for (let left = reader.uleb(); left > 0; left--) {
      this.unit.data.effort.spend(1 + format.length);
      const path = { form: FORM.none as number, value: 0, folder: 0 };
      for (const { content, form } of format) {
        const value = readForm(reader, form, sizes, 0);
        if (content === CONTENT_PATH) {
          path.form = form;
          path.value = value;
        } else if (content === CONTENT_FOLDER) path.folder = value;
      }
      take(path);
    }
  }
}

/** Where a text is, behind which the reader then is; -1 where it is empty. */
function textPlace(reader: SectionReader): number {
  const { position } = reader;
  reader.skipText();
  return reader.position === position + 1 ? -1 : position;
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}
