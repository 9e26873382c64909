import type { HeapLocations } from '../../heap/graph.ts';
import { FormatError, type Input } from '../format.ts';
import type { SnapshotHead } from './head.ts';
import { NumberRows } from './number-rows.ts';
import type { NumberTaker } from './number-taker.ts';
import { grownTo, roomWords } from './rooms.ts';

const FIELDS = ['object_index', 'script_id', 'line', 'column'] as const;
const MOST_ROWS = 0xffffffff;

/** Locations as they come in, in any order. */
export class LocationColumns {
  readonly rows: NumberRows;
  private node = roomWords(1024);
  private scriptId = roomWords(1024);
  private line = roomWords(1024);
  private column = roomWords(1024);
  private count = 0;
  private readonly input: Input;
  private readonly head: SnapshotHead;

  /** @throws {FormatError} the file does not say what its locations are made of */
  constructor(input: Input, head: SnapshotHead, taker: NumberTaker) {
    this.input = input;
    this.head = head;
    const { locationFields } = head;
    const missing = FIELDS.find((field) => !locationFields.includes(field));
    if (missing !== undefined) {
      throw new FormatError(input, '$.snapshot.meta.location_fields', `it has no '${missing}'`);
    }
    this.rows = new NumberRows(input, '$.locations', locationFields.length, taker, (values, rows) =>
      this.take(values, rows),
    );
  }

  /** The last one counts where a node has several. */
  locations(): HeapLocations {
    const rowOf = new Uint32Array(this.head.nodeCount);
    for (let i = 0; i < this.count; i++) rowOf[this.node[i]!] = i + 1;
    let length = 0;
    for (let node = 0; node < rowOf.length; node++) if (rowOf[node]! > 0) length++;
    const sorted = {
      node: new Uint32Array(length),
      scriptId: new Uint32Array(length),
      line: new Uint32Array(length),
      column: new Uint32Array(length),
    };
    for (let node = 0, to = 0; node < rowOf.length; node++) {
      const row = rowOf[node]! - 1;
      if (row < 0) continue;
      sorted.node[to] = node;
      sorted.scriptId[to] = this.scriptId[row]!;
      sorted.line[to] = this.line[row]!;
      sorted.column[to] = this.column[row]!;
      to++;
    }
    return sorted;
  }

  private take(values: Uint32Array, rows: number): void {
    const start = this.count;
    const needed = start + rows;
    if (needed > this.node.length) {
      this.node = grownTo(this.node, needed, MOST_ROWS);
      this.scriptId = grownTo(this.scriptId, needed, MOST_ROWS);
      this.line = grownTo(this.line, needed, MOST_ROWS);
      this.column = grownTo(this.column, needed, MOST_ROWS);
    }
    const { locationFields, nodeFields, nodeCount } = this.head;
    const width = locationFields.length;
    const [object, script, line, column] = FIELDS.map((name) => locationFields.indexOf(name)) as [
      number,
      number,
      number,
      number,
    ];
    for (let i = 0, at = 0; i < rows; i++, at += width) {
      const place = values[at + object]!;
      const node = (place / nodeFields.length) >>> 0;
      if (node >= nodeCount || node * nodeFields.length !== place) {
        const path = `$.locations[${(start + i) * width + object}]`;
        throw new FormatError(this.input, path, `no node starts at ${place}`);
      }
      this.node[start + i] = node;
      this.scriptId[start + i] = values[at + script]!;
      this.line[start + i] = values[at + line]!;
      this.column[start + i] = values[at + column]!;
    }
    this.count = needed;
  }
}

/** What a snapshot without locations has. */
export const NO_LOCATIONS: HeapLocations = {
  node: new Uint32Array(0),
  scriptId: new Uint32Array(0),
  line: new Uint32Array(0),
  column: new Uint32Array(0),
};
