import type { FrameWords } from '../profile/builder.ts';
import type { ValueType } from '../profile/profile.ts';
import { guessedKind } from './guessed-kind.ts';
import { BYTES, broken, type Cursor, readBlock, readInt, readTag, readUint, skipField } from './protobuf-reader.ts';

/** Ids are any 64 bits: beyond 2^53 they are bigints. */
export type PprofId = number | bigint;
/** Looks up the text whose index stands at the cursor. */
export type ReadText = (from: Cursor) => string;

export interface PprofFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: number;
}

/** A row of one of the file's tables, which others name by its id. */
export interface PprofRow<Value> {
  readonly id: PprofId;
  readonly value: Value;
}

export interface PprofLocation {
  /** Leaf first: more than one where functions were inlined. */
  readonly frames: readonly FrameWords[];
  /** It says at which line of the function the call stands. */
  readonly callLines: boolean;
}

/** Calls `field` with each field's tag (`number * 8 + wire type`); fields that it does not take (`false`) are skipped. */
export function eachField(message: Cursor, field: (tag: number) => boolean): void {
  while (message.at < message.end) {
    const tag = readTag(message);
    if (!field(tag)) skipField(message, tag);
  }
}

export function readValueType(message: Cursor, text: ReadText): ValueType {
  let type = '';
  let unit = '';
  eachField(message, (tag) => {
    if (tag === 8) type = text(message);
    else if (tag === 16) unit = text(message);
    else return false;
    return true;
  });
  return { type, unit };
}

/** A mapping's value is the name of its binary. */
export function readMapping(message: Cursor, text: ReadText): PprofRow<string> {
  let id: PprofId = 0;
  let value = '';
  eachField(message, (tag) => {
    if (tag === 8) id = readUint(message);
    else if (tag === 5 * 8) value = text(message);
    else return false;
    return true;
  });
  return { id, value };
}

export function readFunction(message: Cursor, text: ReadText): PprofRow<PprofFunction> {
  let id: PprofId = 0;
  let name = '';
  let systemName = '';
  let file = '';
  let startLine = 0;
  eachField(message, (tag) => {
    if (tag === 8) id = readUint(message);
    else if (tag === 2 * 8) name = text(message);
    else if (tag === 3 * 8) systemName = text(message);
    else if (tag === 4 * 8) file = text(message);
    else if (tag === 5 * 8) startLine = position(readInt(message));
    else return false;
    return true;
  });
  return { id, value: { name: name || systemName, file, startLine } };
}

/**
 * A location without lines was never symbolized: its frame goes by the address.
 * @throws {FormatError} it names a function or mapping that does not exist
 */
export function readLocation(
  message: Cursor,
  modules: ReadonlyMap<PprofId, string>,
  functions: ReadonlyMap<PprofId, PprofFunction>,
): PprofRow<PprofLocation> {
  let id: PprofId = 0;
  let address: PprofId = 0;
  let module = '';
  const lines: Cursor[] = [];
  eachField(message, (tag) => {
    const at = message.at;
    if (tag === 8) id = readUint(message);
    else if (tag === 2 * 8) {
      const mapping = readUint(message);
      const found = modules.get(mapping);
      if (found === undefined && mapping !== 0) throw broken(message, at, `there is no mapping ${mapping}`);
      module = found ?? '';
    } else if (tag === 3 * 8) address = readUint(message);
    else if (tag === 4 * 8 + BYTES) lines.push(readBlock(message));
    else return false;
    return true;
  });
  let callLines = false;
  const frames = lines.map((line, i): FrameWords => {
    const read = readLine(line, functions);
    callLines ||= read.callLine;
    const kind = i < lines.length - 1 ? 'inlined' : guessedKind(read.words.name, read.words.file ?? '', module);
    return { ...read.words, module, kind };
  });
  if (frames.length === 0) {
    frames.push({ name: `0x${address.toString(16)}`, module, kind: guessedKind('[unknown]', '', module) });
  }
  return { id, value: { frames, callLines } };
}

function readLine(message: Cursor, functions: ReadonlyMap<PprofId, PprofFunction>) {
  const start = message.at;
  let id: PprofId = 0;
  let line = 0;
  let column = 0;
  eachField(message, (tag) => {
    if (tag === 8) id = readUint(message);
    else if (tag === 2 * 8) line = position(readInt(message));
    else if (tag === 3 * 8) column = position(readInt(message));
    else return false;
    return true;
  });
  const found = functions.get(id);
  if (found === undefined && id !== 0) throw broken(message, start, `there is no function ${id}`);
  const { name, file, startLine } = found ?? { name: '', file: '', startLine: 0 };
  // A column belongs to the call's line; it is the function's where that is the line on which the function starts
  const atStart = line === startLine;
  const words = { name, file, line: startLine, column: atStart && line > 0 ? column : 0 };
  return { words, callLine: !atStart };
}

function position(value: number): number {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}
