import type { ProfileBuilder } from '../../profile/builder.ts';
import { Int32Column, PairInterner } from '../../profile/columns.ts';
import { broken, type Cursor, cursor } from '../protobuf/reader.ts';
import { FrameWriter, type FunctionColumns } from './frame-words.ts';
import { RowsById } from './ids.ts';
import {
  type FunctionMessage,
  type LineMessage,
  type LocationMessage,
  readFunction,
  readLine,
  readLocation,
  readMapping,
} from './messages.ts';
import type { PprofTables } from './tables.ts';

/**
 * The frames of a pprof file's locations. A frame is a function in a binary, so the many locations of one function are
 * one frame; a location without lines was never symbolized and goes by its address.
 */
export class PprofFrames {
  /** By a location's id: its frame * 2; where it has several, the place of the first in `inlined` * 2 + 1. */
  readonly locations: RowsById;
  /** The frames of locations that have several, leaf first, each list behind its length. */
  readonly inlined = new Int32Column();
  /** Some location says at which line of its function the call stands. */
  callLines = false;

  private readonly writer: FrameWriter;
  private readonly mappings: RowsById;
  private readonly functions: RowsById;
  private readonly name = new Int32Column();
  private readonly systemName = new Int32Column();
  private readonly file = new Int32Column();
  private readonly startLine = new Int32Column();
  /** Frames by function and binary, those of inlined calls apart. */
  private readonly known = new PairInterner();
  private readonly knownFrame = new Int32Column();
  private readonly location: LocationMessage = { id: 0, address: 0, mapping: 0, mappingAt: 0, lineCount: 0, lines: [] };
  private readonly line: LineMessage = { functionId: 0, line: 0, column: 0 };

  /** @throws {FormatError} broken messages, or a mapping, function or text that does not exist, with the byte */
  constructor(tables: PprofTables, builder: ProfileBuilder) {
    this.mappings = new RowsById(tables.mappings.count);
    this.functions = new RowsById(tables.functions.count);
    this.locations = new RowsById(tables.locations.count);
    const message = cursor(tables.input, tables.bytes);
    const modules: string[] = [];
    tables.mappings.each(message, (_, row) => {
      const { id, module } = readMapping(message, tables.texts);
      this.mappings.set(id, row);
      modules.push(tables.texts.at(module));
    });
    this.writer = new FrameWriter(tables.texts, this.functionColumns(), modules, builder);
    const read: FunctionMessage = { id: 0, name: 0, systemName: 0, file: 0, startLine: 0 };
    tables.functions.each(message, (_, row) => {
      readFunction(message, tables.texts, read);
      this.functions.set(read.id, row);
      this.name.push(read.name);
      this.systemName.push(read.systemName);
      this.file.push(read.file);
      this.startLine.push(read.startLine);
    });
    tables.locations.each(message, () => this.addLocation(message));
  }

  private functionColumns(): FunctionColumns {
    return {
      name: (row) => this.name.at(row),
      systemName: (row) => this.systemName.at(row),
      file: (row) => this.file.at(row),
      startLine: (row) => this.startLine.at(row),
    };
  }

  private addLocation(message: Cursor): void {
    const { location } = this;
    readLocation(message, location);
    const mapping = this.mappings.get(location.mapping);
    if (mapping < 0 && location.mapping !== 0) {
      throw broken(message, location.mappingAt, `there is no mapping ${location.mapping}`);
    }
    const { id, lineCount, address } = location;
    if (lineCount === 1) this.locations.set(id, this.frameOf(message, 0, mapping, false) * 2);
    else if (lineCount > 1) {
      this.locations.set(id, this.inlined.length * 2 + 1);
      this.inlined.push(lineCount);
      for (let i = 0; i < lineCount; i++) this.inlined.push(this.frameOf(message, i, mapping, i < lineCount - 1));
    } else this.locations.set(id, this.writer.address(address, mapping) * 2);
  }

  /** The frame of the location's i-th line; the cursor ends up there. */
  private frameOf(message: Cursor, i: number, mapping: number, inlined: boolean): number {
    const { line, startLine } = this;
    const at = this.location.lines[2 * i]!;
    message.at = at;
    message.end = this.location.lines[2 * i + 1]!;
    readLine(message, line);
    const func = this.functions.get(line.functionId);
    if (func < 0 && line.functionId !== 0) throw broken(message, at, `there is no function ${line.functionId}`);
    const starts = func < 0 ? 0 : startLine.at(func);
    if (line.line !== starts) this.callLines = true;
    // A column belongs to the call's line; it is the function's where that is the line on which the function starts
    const column = line.line === starts && line.line > 0 ? line.column : 0;
    if (column > 0) return this.writer.frame({ func, mapping, inlined, column });
    const known = this.known.intern(func, mapping * 2 + (inlined ? 1 : 0));
    if (known === this.knownFrame.length)
      this.knownFrame.push(this.writer.frame({ func, mapping, inlined, column: 0 }));
    return this.knownFrame.at(known);
  }
}
