import { namesAreNumbers } from '../../heap/graph.ts';
import { FormatError, type Input } from '../format.ts';
import type { SnapshotHead } from './head.ts';
import { NumberRows } from './number-rows.ts';
import type { NumberTaker } from './number-taker.ts';
import { grownTo, type RoomFor, roomBytes, roomWords } from './rooms.ts';

/** The edges of a snapshot, as they come in. */
export class EdgeColumns {
  type: Uint8Array;
  name: Uint32Array;
  to: Uint32Array;
  readonly rows: NumberRows;
  private count = 0;
  private readonly input: Input;
  private readonly head: SnapshotHead;
  private readonly fields: { readonly type: number; readonly name: number; readonly to: number };

  constructor(input: Input, head: SnapshotHead, room: RoomFor, taker: NumberTaker) {
    const { edgeFields, edgeCount } = head;
    this.input = input;
    this.head = head;
    this.fields = {
      type: edgeFields.indexOf('type'),
      name: edgeFields.indexOf('name_or_index'),
      to: edgeFields.indexOf('to_node'),
    };
    const rows = room(edgeCount, edgeFields.length);
    this.type = roomBytes(rows);
    this.name = roomWords(rows);
    this.to = roomWords(rows);
    this.rows = new NumberRows(input, '$.edges', edgeFields.length, taker, (values, count, wide) => {
      if (wide.length > 0) {
        const { row, field, value } = wide[0]!;
        throw this.wrong(this.count + row, field, `${value} is too big for '${edgeFields[field]}'`);
      }
      this.take(values, count);
    });
  }

  /** @throws {FormatError} there are fewer than the head of the file says */
  finish(): void {
    const { edgeCount } = this.head;
    if (this.count === edgeCount) return;
    throw new FormatError(this.input, '$.edges', `it holds ${this.count} edges, and edge_count is ${edgeCount}`);
  }

  /** @throws {FormatError} the name of an edge is none of so many strings */
  checkNames(strings: number): void {
    const { type, name, count } = this;
    const numeric = Uint8Array.from(this.head.edgeTypes, (word) => (namesAreNumbers(word) ? 1 : 0));
    for (let i = 0; i < count; i++) {
      if (name[i]! < strings || numeric[type[i]!] === 1) continue;
      throw this.wrong(i, this.fields.name, `there is no string ${name[i]}: there are ${strings}`);
    }
  }

  private take(values: Uint32Array, rows: number): void {
    const start = this.count;
    this.makeRoom(start + rows);
    const { type, name, to, fields, head } = this;
    const width = head.edgeFields.length;
    const types = head.edgeTypes.length;
    const nodeWidth = head.nodeFields.length;
    const nodes = head.nodeCount;
    for (let i = 0, at = 0; i < rows; i++, at += width) {
      const code = values[at + fields.type]!;
      const place = values[at + fields.to]!;
      const node = (place / nodeWidth) >>> 0;
      if (code >= types || node >= nodes || node * nodeWidth !== place) throw this.wrongRow(start + i, code, place);
      type[start + i] = code;
      name[start + i] = values[at + fields.name]!;
      to[start + i] = node;
    }
    this.count += rows;
  }

  private wrongRow(row: number, code: number, place: number): FormatError {
    const types = this.head.edgeTypes.length;
    if (code >= types) return this.wrong(row, this.fields.type, `${code} is no type of an edge: there are ${types}`);
    return this.wrong(row, this.fields.to, `no node starts at ${place}`);
  }

  private wrong(row: number, field: number, what: string): FormatError {
    return new FormatError(this.input, `$.edges[${row * this.head.edgeFields.length + field}]`, what);
  }

  private makeRoom(needed: number): void {
    const most = this.head.edgeCount;
    if (needed > most) throw new FormatError(this.input, '$.edges', `it holds more edges than edge_count, ${most}`);
    if (needed <= this.type.length) return;
    this.type = grownTo(this.type, needed, most);
    this.name = grownTo(this.name, needed, most);
    this.to = grownTo(this.to, needed, most);
  }
}
