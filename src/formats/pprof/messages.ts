import type { ValueType } from '../../profile/profile.ts';
import { BYTES, type Cursor, readEnd, readInt, readTag, readUint, skipField } from '../protobuf/reader.ts';
import type { PprofId } from './ids.ts';
import type { PprofTexts } from './texts.ts';

/** The field of a sample that is a label. */
export const LABEL = 3 * 8 + BYTES;

/** Calls `field` with each field's tag (`number * 8 + wire type`); fields that it does not take (`false`) are skipped. */
export function eachField(message: Cursor, field: (tag: number) => boolean): void {
  while (message.at < message.end) {
    const tag = readTag(message);
    if (!field(tag)) skipField(message, tag);
  }
}

export function readValueType(message: Cursor, texts: PprofTexts): ValueType {
  let type = '';
  let unit = '';
  eachField(message, (tag) => {
    if (tag === 8) type = texts.read(message);
    else if (tag === 16) unit = texts.read(message);
    else return false;
    return true;
  });
  return { type, unit };
}

/** @returns the mapping's id and the text that names its binary */
export function readMapping(message: Cursor, texts: PprofTexts): { id: PprofId; module: number } {
  let id: PprofId = 0;
  let module = 0;
  eachField(message, (tag) => {
    if (tag === 8) id = readUint(message);
    else if (tag === 5 * 8) module = texts.readIndex(message);
    else return false;
    return true;
  });
  return { id, module };
}

/** A function as it stands in the file; one object serves all. Names and file are indexes of texts. */
export interface FunctionMessage {
  id: PprofId;
  name: number;
  systemName: number;
  file: number;
  startLine: number;
}

export function readFunction(message: Cursor, texts: PprofTexts, into: FunctionMessage): void {
  into.id = 0;
  into.name = into.systemName = into.file = into.startLine = 0;
  while (message.at < message.end) {
    const tag = readTag(message);
    if (tag === 8) into.id = readUint(message);
    else if (tag === 2 * 8) into.name = texts.readIndex(message);
    else if (tag === 3 * 8) into.systemName = texts.readIndex(message);
    else if (tag === 4 * 8) into.file = texts.readIndex(message);
    else if (tag === 5 * 8) into.startLine = position(readInt(message));
    else skipField(message, tag);
  }
}

/** A location as it stands in the file. */
export interface LocationMessage {
  id: PprofId;
  address: PprofId;
  /** Id of its mapping and where that is named. */
  mapping: PprofId;
  mappingAt: number;
  /** Lines, leaf first: more than one where functions were inlined. */
  lineCount: number;
  /** Where they stand: start, end, start, end ... Older ones may follow: an array that keeps its length keeps its memory. */
  readonly lines: number[];
}

export function readLocation(message: Cursor, into: LocationMessage): void {
  into.id = into.address = into.mapping = into.mappingAt = into.lineCount = 0;
  while (message.at < message.end) {
    const tag = readTag(message);
    if (tag === 8) into.id = readUint(message);
    else if (tag === 2 * 8) {
      into.mappingAt = message.at;
      into.mapping = readUint(message);
    } else if (tag === 3 * 8) into.address = readUint(message);
    else if (tag === 4 * 8 + BYTES) {
      const end = readEnd(message);
      const place = 2 * into.lineCount++;
      into.lines[place] = message.at;
      into.lines[place + 1] = end;
      message.at = end;
    } else skipField(message, tag);
  }
}

/** One function of a location: the call's line and column in it. */
export interface LineMessage {
  functionId: PprofId;
  line: number;
  column: number;
}

export function readLine(message: Cursor, into: LineMessage): void {
  into.functionId = 0;
  into.line = into.column = 0;
  while (message.at < message.end) {
    const tag = readTag(message);
    if (tag === 8) into.functionId = readUint(message);
    else if (tag === 2 * 8) into.line = position(readInt(message));
    else if (tag === 3 * 8) into.column = position(readInt(message));
    else skipField(message, tag);
  }
}

/** 0 for what cannot be a line or a column. */
function position(value: number): number {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}
