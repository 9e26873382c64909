import { FormatError, type Input } from '../format.ts';
import type { SnapshotHead } from './head.ts';
import { NumberRows, type WideNumber } from './number-rows.ts';
import type { NumberTaker } from './number-taker.ts';
import { grownTo, type RoomFor, roomBytes, roomWords } from './rooms.ts';

/** The nodes of a snapshot, as they come in. */
export class NodeColumns {
  type: Uint8Array;
  name: Uint32Array;
  id: Uint32Array | Float64Array;
  selfSize: Uint32Array | Float64Array;
  detachedness: Uint8Array;
  trace: Uint32Array | undefined;
  /** The edge behind the last one of each node is the first of the next. */
  firstEdge: Uint32Array;
  readonly rows: NumberRows;
  private count = 0;
  private edges = 0;
  private readonly input: Input;
  private readonly head: SnapshotHead;
  private readonly fields: {
    readonly type: number;
    readonly name: number;
    readonly id: number;
    readonly selfSize: number;
    readonly edgeCount: number;
    readonly trace: number;
    readonly detachedness: number;
  };

  constructor(input: Input, head: SnapshotHead, room: RoomFor, taker: NumberTaker) {
    const { nodeFields, nodeCount } = head;
    const field = (name: string): number => nodeFields.indexOf(name);
    this.input = input;
    this.head = head;
    this.fields = {
      type: field('type'),
      name: field('name'),
      id: field('id'),
      selfSize: field('self_size'),
      edgeCount: field('edge_count'),
      trace: field('trace_node_id'),
      detachedness: field('detachedness'),
    };
    const rows = room(nodeCount, nodeFields.length);
    this.type = roomBytes(rows);
    this.name = roomWords(rows);
    this.id = roomWords(rows);
    this.selfSize = roomWords(rows);
    this.detachedness = roomBytes(rows);
    this.trace = this.fields.trace < 0 || !head.isTracked ? undefined : roomWords(rows);
    this.firstEdge = roomWords(rows + 1);
    this.rows = new NumberRows(input, '$.nodes', nodeFields.length, taker, (values, count, wide) =>
      this.take(values, count, wide),
    );
  }

  /** @throws {FormatError} there are more or fewer than the head of the file says */
  finish(): void {
    const { nodeCount, edgeCount } = this.head;
    if (this.count !== nodeCount) {
      throw new FormatError(this.input, '$.nodes', `it holds ${this.count} nodes, and node_count is ${nodeCount}`);
    }
    if (this.edges !== edgeCount) {
      const what = `its nodes have ${this.edges} edges, and edge_count is ${edgeCount}`;
      throw new FormatError(this.input, '$.nodes', what);
    }
  }

  private take(values: Uint32Array, rows: number, wide: readonly WideNumber[]): void {
    const { fields } = this;
    const width = this.head.nodeFields.length;
    const start = this.count;
    this.makeRoom(start + rows);
    this.takeTypes(values, rows);
    copyColumn(values, rows, width, fields.name, this.name, start);
    copyColumn(values, rows, width, fields.id, this.id, start);
    copyColumn(values, rows, width, fields.selfSize, this.selfSize, start);
    if (this.trace) copyColumn(values, rows, width, fields.trace, this.trace, start);
    this.takeEdgeCounts(values, rows);
    if (fields.detachedness >= 0) {
      const { detachedness } = this;
      for (let i = 0, at = fields.detachedness; i < rows; i++, at += width) detachedness[start + i] = values[at]!;
    }
    this.count += rows;
    for (const { row, field, value } of wide) this.takeWide(start + row, field, value);
  }

  private takeTypes(values: Uint32Array, rows: number): void {
    const { type, count: start, head, fields } = this;
    const width = head.nodeFields.length;
    const types = head.nodeTypes.length;
    for (let i = 0, at = fields.type; i < rows; i++, at += width) {
      const code = values[at]!;
      if (code >= types) {
        const path = `$.nodes[${(start + i) * width + fields.type}]`;
        throw new FormatError(this.input, path, `${code} is no type of a node: there are ${types}`);
      }
      type[start + i] = code;
    }
  }

  private takeEdgeCounts(values: Uint32Array, rows: number): void {
    const { firstEdge, count: start, head, fields } = this;
    const width = head.nodeFields.length;
    let { edges } = this;
    for (let i = 0, at = fields.edgeCount; i < rows; i++, at += width) {
      edges += values[at]!;
      firstEdge[start + i + 1] = edges;
    }
    this.edges = edges;
    if (edges <= head.edgeCount) return;
    const what = `the nodes up to here have ${edges} edges, and edge_count is ${head.edgeCount}`;
    throw new FormatError(this.input, `$.nodes[${(start + rows) * width - 1}]`, what);
  }

  private takeWide(row: number, field: number, value: number): void {
    if (field === this.fields.id) {
      if (this.id instanceof Uint32Array) this.id = new Float64Array(this.id);
      this.id[row] = value;
    } else if (field === this.fields.selfSize) {
      if (this.selfSize instanceof Uint32Array) this.selfSize = new Float64Array(this.selfSize);
      this.selfSize[row] = value;
    } else {
      const place = row * this.head.nodeFields.length + field;
      throw new FormatError(
        this.input,
        `$.nodes[${place}]`,
        `${value} is too big for '${this.head.nodeFields[field]}'`,
      );
    }
  }

  private makeRoom(needed: number): void {
    const most = this.head.nodeCount;
    if (needed > most) throw new FormatError(this.input, '$.nodes', `it holds more nodes than node_count, ${most}`);
    if (needed <= this.type.length) return;
    this.type = grownTo(this.type, needed, most);
    this.name = grownTo(this.name, needed, most);
    this.id = grownTo(this.id, needed, most);
    this.selfSize = grownTo(this.selfSize, needed, most);
    this.detachedness = grownTo(this.detachedness, needed, most);
    if (this.trace) this.trace = grownTo(this.trace, needed, most);
    this.firstEdge = grownTo(this.firstEdge, needed + 1, most + 1);
  }
}

function copyColumn(
  values: Uint32Array,
  rows: number,
  width: number,
  field: number,
  target: Uint32Array | Float64Array,
  start: number,
): void {
  for (let i = 0, at = field; i < rows; i++, at += width) target[start + i] = values[at]!;
}
