import type { ValueType } from '../../profile/profile.ts';
import type { Input } from '../format.ts';
import {
  broken,
  type Cursor,
  cursor,
  readBlock,
  readEnd,
  readInt,
  readTag,
  readUint,
  skipField,
} from '../protobuf/reader.ts';
import { readValueType } from './messages.ts';
import { MessageRuns } from './runs.ts';
import { isPprofTag, LAST_FIELD, PPROF } from './tags.ts';
import { PprofTexts } from './texts.ts';

/** A pprof file taken apart: where its messages stand, and what is said but once. */
export interface PprofTables {
  readonly input: Input;
  readonly bytes: Buffer;
  readonly texts: PprofTexts;
  readonly valueTypes: readonly ValueType[];
  readonly samples: MessageRuns;
  readonly mappings: MessageRuns;
  readonly locations: MessageRuns;
  readonly functions: MessageRuns;
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

const tables: ReadonlySet<number> = new Set([
  PPROF.sampleType,
  PPROF.sample,
  PPROF.mapping,
  PPROF.location,
  PPROF.func,
  PPROF.periodType,
]);

/** Steps over many messages at once. */
export interface MessageScanner {
  /**
   * @param at of the first one's tag
   * @param end of what is there
   * @returns how many with this tag follow each other; 0 leaves them to whoever asks
   */
  readonly scan: (at: number, end: number, tag: number) => number;
  /** Behind the last one. */
  readonly end: () => number;
  /** Start and end of each one's content; valid until the next are asked for. */
  readonly places: (count: number) => Int32Array;
}

/** What one field may need to be there before it is looked at: its tag and its length, or its number. */
const MOST_HEAD = 20;

/** Finds everything, in whatever order it stands, as the file comes in; the large tables are left to others. */
export class TablesReader {
  private readonly input: Input;
  private readonly bytes: Buffer;
  private readonly scanner: MessageScanner | undefined;
  private readonly texts: PprofTexts;
  private readonly places = new Map<number, MessageRuns>([...tables].map((tag) => [tag, new MessageRuns()]));
  private readonly numbers = new Map<number, number>();
  private readonly commentLists: Cursor[] = [];
  private readonly top: Cursor;
  private lastTag = 0;
  private table: MessageRuns | undefined;

  /**
   * @param bytes all of the file, of which those at the end may not be there yet
   * @param scanner knows the same bytes
   */
  constructor(input: Input, bytes: Buffer, scanner?: MessageScanner) {
    this.input = input;
    this.bytes = bytes;
    this.scanner = scanner;
    this.texts = new PprofTexts(bytes);
    this.top = cursor(input, bytes);
  }

  /**
   * Reads on.
   * @param there how many bytes are there now
   * @throws {FormatError} broken protobuf, with the byte
   */
  readTo(there: number): void {
    const { top } = this;
    const last = there === top.end ? there : there - MOST_HEAD;
    while (top.at < last) this.field(there);
  }

  private field(there: number): void {
    const { top, texts, scanner } = this;
    const start = top.at;
    const tag = readTag(top);
    if (tag !== this.lastTag) this.table = this.places.get(tag);
    const { table } = this;
    if (tag === this.lastTag && scanner && (table || tag === PPROF.text)) {
      const count = scanner.scan(start, there, tag);
      if (count > 0) {
        top.at = scanner.end();
        if (table) table.add(start, top.at, count);
        else texts.addAll(scanner.places(count));
        return;
      }
    }
    this.lastTag = tag;
    if (table) {
      top.at = readEnd(top);
      table.add(start, top.at);
    } else if (tag === PPROF.text) {
      const end = readEnd(top);
      texts.add(top.at, end);
      top.at = end;
    } else if (tag === PPROF.comment) {
      const from = top.at;
      readUint(top);
      this.commentLists.push(cursor(this.input, this.bytes, from, top.at));
    } else if (tag === PPROF.comments) this.commentLists.push(readBlock(top));
    else if (isPprofTag(tag)) this.numbers.set(tag, readInt(top));
    else if (tag >> 3 <= LAST_FIELD) throw broken(top, start, `field ${tag >> 3} cannot have wire type ${tag & 7}`);
    else skipField(top, tag);
  }

  /**
   * What was found; to be asked when all of the file is there.
   * @throws {FormatError} broken protobuf, or an index that leads nowhere, with the byte
   */
  tables(): PprofTables {
    const { input, bytes, top, texts, places, numbers } = this;
    this.readTo(top.end);
    if (texts.at(0) !== '') throw broken(top, 0, 'the first text of the string table is not empty');
    const valueTypes = (tag: number): ValueType[] => {
      const types: ValueType[] = [];
      places.get(tag)!.each(cursor(input, bytes), (message) => types.push(readValueType(message, texts)));
      return types;
    };
    return {
      input,
      bytes,
      texts,
      valueTypes: valueTypes(PPROF.sampleType),
      samples: places.get(PPROF.sample)!,
      mappings: places.get(PPROF.mapping)!,
      locations: places.get(PPROF.location)!,
      functions: places.get(PPROF.func)!,
      comments: this.commentLists.flatMap((list) => {
        const said: string[] = [];
        while (list.at < list.end) said.push(texts.read(list));
        return said;
      }),
      defaultType: texts.at(Math.max(0, numbers.get(PPROF.defaultType) ?? 0)),
      startNanos: numbers.get(PPROF.timeNanos) ?? 0,
      duration: numbers.get(PPROF.durationNanos) ?? 0,
      period: numbers.get(PPROF.period) ?? 0,
      periodType: valueTypes(PPROF.periodType).at(-1) ?? { type: '', unit: '' },
    };
  }
}

/**
 * {@link TablesReader} of a file that is there.
 * @throws {FormatError} broken protobuf, or an index that leads nowhere, with the byte
 */
export function readPprofTables(input: Input, bytes: Buffer): PprofTables {
  return new TablesReader(input, bytes).tables();
}
