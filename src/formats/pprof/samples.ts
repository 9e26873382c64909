import type { ProfileBuilder } from '../../profile/builder.ts';
import { SequenceInterner } from '../../profile/sequences.ts';
import {
  BYTES,
  broken,
  type Cursor,
  cursor,
  enterBlock,
  readBlock,
  readInt,
  readTag,
  readUint,
  skipField,
} from '../protobuf/reader.ts';
import type { PprofFrames } from './frames.ts';
import { PprofLabels } from './labels.ts';
import { LABEL } from './messages.ts';
import type { PprofTables } from './tables.ts';

const LOCATION = 1 * 8;
const VALUE = 2 * 8;
/** Frames in stacks for which memory is reserved beforehand. */
const MOST_RESERVED = 1 << 25;

/** Reads the samples of a pprof file into columns. */
export class PprofSamples {
  /** The distinct stacks, as frames from the root on. */
  readonly sequences: SequenceInterner;
  /** Of each sample: its stack in `sequences`, its thread (-1 = none), and its values in the file's order. */
  readonly stack: Int32Array;
  readonly thread: Int32Array;
  readonly values: readonly Float64Array[];
  /** Values beyond 2^53. */
  inexact = 0;
  readonly labels: PprofLabels;

  private readonly tables: PprofTables;
  private readonly frames: PprofFrames;
  /** What `PprofFrames` says of locations, leaf first; frames, root first. */
  private rows = new Int32Array(64);
  private path = new Int32Array(64);
  private depth = 0;
  private valueCount = 0;

  constructor(tables: PprofTables, frames: PprofFrames, builder: ProfileBuilder) {
    this.tables = tables;
    this.frames = frames;
    this.labels = new PprofLabels(tables, builder);
    const { count, bytes } = tables.samples;
    // More than there are locations: values and labels stand between them
    this.sequences = new SequenceInterner(count, Math.min(bytes, MOST_RESERVED));
    this.stack = new Int32Array(count);
    this.thread = new Int32Array(count).fill(-1);
    this.values = tables.valueTypes.map(() => new Float64Array(count));
  }

  /** @throws {FormatError} a location that does not exist, too few or too many values, a negative value */
  read(): void {
    const { input, bytes, samples } = this.tables;
    samples.each(cursor(input, bytes), (message, i) => this.sample(message, i));
  }

  private sample(message: Cursor, sample: number): void {
    const start = message.at;
    this.depth = 0;
    this.valueCount = 0;
    let labels: Cursor[] | undefined;
    while (message.at < message.end) {
      const tag = readTag(message);
      if (tag === LOCATION + BYTES) {
        const outer = enterBlock(message);
        this.locations(message);
        message.end = outer;
      } else if (tag === VALUE + BYTES) {
        const outer = enterBlock(message);
        while (message.at < message.end) this.value(message, sample);
        message.end = outer;
      } else if (tag === LABEL) {
        labels ??= [];
        labels.push(readBlock(message));
      } else if (tag === LOCATION) this.location(message);
      else if (tag === VALUE) this.value(message, sample);
      else skipField(message, tag);
    }
    if (this.valueCount !== this.values.length) {
      const found = `the sample has ${this.valueCount} values for ${this.values.length} sample types`;
      throw broken(message, start, found);
    }
    this.stack[sample] = this.stackOf();
    if (labels !== undefined) this.thread[sample] = this.labels.thread(labels);
  }

  /** A packed list of locations, as nearly all are: numbers of up to three bytes without a call each. */
  private locations(from: Cursor): void {
    const { bytes } = this.tables;
    const { small } = this.frames.locations;
    const { end } = from;
    // A location takes a byte at least
    const most = this.depth + end - from.at;
    if (most > this.rows.length) this.rows = longer(this.rows, most * 2);
    const { rows } = this;
    while (from.at < end) {
      let { at } = from;
      let { depth } = this;
      while (at + 2 < end) {
        let id = bytes[at]!;
        let next = at + 1;
        if (id >= 0x80) {
          const second = bytes[next++]!;
          id = (id & 0x7f) | ((second & 0x7f) << 7);
          if (second >= 0x80) {
            const third = bytes[next++]!;
            if (third >= 0x80) break;
            id |= third << 14;
          }
        }
        if (id >= small.length || small[id] === 0) break;
        rows[depth++] = small[id]! - 1;
        at = next;
      }
      from.at = at;
      this.depth = depth;
      if (at < end) this.location(from);
    }
  }

  private location(from: Cursor): void {
    const at = from.at;
    const id = readUint(from);
    const row = this.frames.locations.get(id);
    if (row < 0) throw broken(from, at, `there is no location ${id}`);
    if (this.depth === this.rows.length) this.rows = longer(this.rows, this.depth * 2);
    this.rows[this.depth++] = row;
  }

  private value(from: Cursor, sample: number): void {
    const at = from.at;
    const weight = readInt(from);
    if (weight < 0) {
      const hint = 'a difference of two profiles cannot be read: read both';
      throw broken(from, at, `the value ${weight} is negative`, hint);
    }
    if (weight > Number.MAX_SAFE_INTEGER) this.inexact++;
    const column = this.values[this.valueCount++];
    if (column !== undefined) column[sample] = weight;
  }

  private stackOf(): number {
    const { rows, depth } = this;
    if (depth > this.path.length) this.path = longer(this.path, depth * 2);
    const { path } = this;
    for (let i = 0; i < depth; i++) {
      const row = rows[depth - 1 - i]!;
      if ((row & 1) === 1) return this.inlinedStack();
      path[i] = row >> 1;
    }
    return this.sequences.add(path, depth);
  }

  /** The stack of locations that have several frames. */
  private inlinedStack(): number {
    const { inlined } = this.frames;
    let length = 0;
    for (let i = this.depth - 1; i >= 0; i--) {
      const row = this.rows[i]!;
      const list = row >> 1;
      const count = (row & 1) === 0 ? 1 : inlined.at(list);
      if (length + count > this.path.length) this.path = longer(this.path, (length + count) * 2);
      if ((row & 1) === 0) this.path[length++] = list;
      else for (let at = list + count; at > list; at--) this.path[length++] = inlined.at(at);
    }
    return this.sequences.add(this.path, length);
  }
}

function longer(column: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(size);
  copy.set(column);
  return copy;
}
