import { Int32Column } from '../profile/columns.ts';
import type { ValueType } from '../profile/profile.ts';
import type { Input } from './format.ts';
import {
  type PprofId,
  type PprofLocation,
  type PprofRow,
  type ReadText,
  readFunction,
  readLocation,
  readMapping,
  readValueType,
} from './pprof-messages.ts';
import {
  BYTES,
  broken,
  type Cursor,
  cursor,
  readBlock,
  readInt,
  readTag,
  readUint,
  skipField,
  VARINT,
} from './protobuf-reader.ts';

/** A pprof file taken apart: the tables that samples refer to, and where the samples stand. */
export interface PprofTables {
  readonly text: ReadText;
  readonly valueTypes: readonly ValueType[];
  readonly locations: ReadonlyMap<PprofId, PprofLocation>;
  /** Byte ranges of the samples: start, end, start, end ... */
  readonly samples: Int32Column;
  readonly comments: readonly string[];
  readonly defaultType: string;
  /** Nanoseconds since the epoch; 0 = unknown. */
  readonly startNanos: number;
  /** Nanoseconds; 0 = unknown. */
  readonly duration: number;
  /** In `periodType`'s unit; 0 = unknown. */
  readonly period: number;
  readonly periodType: ValueType;
}

/** Fields of `Profile` (github.com/google/pprof, proto/profile.proto) as `number * 8 + wire type`. */
export const PPROF = {
  sampleType: 1 * 8 + BYTES,
  sample: 2 * 8 + BYTES,
  mapping: 3 * 8 + BYTES,
  location: 4 * 8 + BYTES,
  func: 5 * 8 + BYTES,
  text: 6 * 8 + BYTES,
  timeNanos: 9 * 8,
  durationNanos: 10 * 8,
  periodType: 11 * 8 + BYTES,
  period: 12 * 8,
  comment: 13 * 8,
  comments: 13 * 8 + BYTES,
  defaultType: 14 * 8,
} as const;
const LAST_FIELD = 15;
const tables: ReadonlySet<number> = new Set([
  PPROF.sampleType,
  PPROF.sample,
  PPROF.mapping,
  PPROF.location,
  PPROF.func,
  PPROF.periodType,
]);

/** Whether a field can stand at the top of a pprof file. */
export function isPprofTag(tag: number): boolean {
  const number = tag >> 3;
  if (number < 1 || number > LAST_FIELD) return false;
  const type = tag & 7;
  return number <= 6 || number === 11 ? type === BYTES : type === VARINT || tag === PPROF.comments;
}

/**
 * Reads everything but the samples. Tables may stand in any order, so their places are noted first.
 * @throws {FormatError} broken protobuf, or an index that leads nowhere, with the byte
 */
export function readPprofTables(input: Input, bytes: Uint8Array): PprofTables {
  const strings: string[] = [];
  const places = new Map<number, Int32Column>([...tables].map((tag) => [tag, new Int32Column()]));
  const numbers = new Map<number, number>();
  const commentLists: Cursor[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const top = cursor(input, bytes);
  while (top.at < top.end) {
    const start = top.at;
    const tag = readTag(top);
    const table = places.get(tag);
    if (table) {
      const block = readBlock(top);
      table.push(block.at);
      table.push(block.end);
    } else if (tag === PPROF.text) {
      const block = readBlock(top);
      strings.push(decoder.decode(bytes.subarray(block.at, block.end)));
    } else if (tag === PPROF.comment) {
      const from = top.at;
      readUint(top);
      commentLists.push(cursor(input, bytes, from, top.at));
    } else if (tag === PPROF.comments) commentLists.push(readBlock(top));
    else if (isPprofTag(tag)) numbers.set(tag, readInt(top));
    else if (tag >> 3 <= LAST_FIELD) throw broken(top, start, `field ${tag >> 3} cannot have wire type ${tag & 7}`);
    else skipField(top, tag);
  }
  if (strings.length > 0 && strings[0] !== '') throw broken(top, 0, 'the first text of the string table is not empty');

  const text: ReadText = (from) => {
    const at = from.at;
    const index = readUint(from);
    const found = strings[Number(index)];
    if (found === undefined && index !== 0) throw broken(from, at, `there is no text ${index}, only ${strings.length}`);
    return found ?? '';
  };
  const rows = <Row>(tag: number, read: (message: Cursor) => Row): Row[] => {
    const at = places.get(tag)!;
    return Array.from({ length: at.length / 2 }, (_, i) => read(cursor(input, bytes, at.at(2 * i), at.at(2 * i + 1))));
  };
  const modules = byId(rows(PPROF.mapping, (message) => readMapping(message, text)));
  const functions = byId(rows(PPROF.func, (message) => readFunction(message, text)));
  return {
    text,
    valueTypes: rows(PPROF.sampleType, (message) => readValueType(message, text)),
    locations: byId(rows(PPROF.location, (message) => readLocation(message, modules, functions))),
    samples: places.get(PPROF.sample)!,
    comments: commentLists.flatMap((list) => {
      const said: string[] = [];
      while (list.at < list.end) said.push(text(list));
      return said;
    }),
    defaultType: strings[numbers.get(PPROF.defaultType) ?? 0] ?? '',
    startNanos: numbers.get(PPROF.timeNanos) ?? 0,
    duration: numbers.get(PPROF.durationNanos) ?? 0,
    period: numbers.get(PPROF.period) ?? 0,
    periodType: rows(PPROF.periodType, (message) => readValueType(message, text)).at(-1) ?? { type: '', unit: '' },
  };
}

function byId<Value>(rows: readonly PprofRow<Value>[]): Map<PprofId, Value> {
  return new Map(rows.map(({ id, value }) => [id, value]));
}
