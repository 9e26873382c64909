import type { HeapSamples, HeapTraces } from '../../heap/graph.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { FormatError, type Input } from '../format.ts';
import { typeOf } from '../json-stream/input.ts';
import type { Shape } from '../json-stream/shape.ts';
import type { SnapshotHead } from './head.ts';
import { NumberRows } from './number-rows.ts';
import type { NumberTaker } from './number-taker.ts';

const FUNCTION_FIELDS = ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'] as const;
const NODE_FIELDS = ['id', 'function_info_index', 'count', 'size', 'children'];

/** `trace_function_infos` and `trace_tree` as they come in. */
export class TraceColumns {
  readonly functions: NumberRows;
  private readonly functionColumns = FUNCTION_FIELDS.map(() => new Float64Column());
  private readonly id = new Float64Column();
  private readonly info = new Float64Column();
  private readonly count = new Float64Column();
  private readonly size = new Float64Column();
  private readonly parent = new Int32Column();
  /** Callers of the list that is read now, from the outermost on. */
  private readonly callers: number[] = [];
  private lists = 0;
  private readonly input: Input;

  constructor(input: Input, head: SnapshotHead, taker: NumberTaker) {
    this.input = input;
    const fields = head.traceFunctionFields;
    const width = Math.max(1, fields.length);
    const at = FUNCTION_FIELDS.map((name) => fields.indexOf(name));
    this.functions = new NumberRows(input, '$.trace_function_infos', width, taker, (values, rows) => {
      for (let i = 0; i < rows; i++) {
        at.forEach((field, k) => {
          this.functionColumns[k]!.push(field < 0 ? 0 : values[i * width + field]!);
        });
      }
    });
    const { traceNodeFields } = head;
    if (traceNodeFields.length > 0 && traceNodeFields.join() !== NODE_FIELDS.join()) {
      const what = `it is ${traceNodeFields.join(', ')}, and only ${NODE_FIELDS.join(', ')} is known`;
      throw new FormatError(input, '$.snapshot.meta.trace_node_fields', what);
    }
  }

  /** A flat list of nodes whose fifth member is the list of their callees, as deep as stacks were. */
  treeShape(): Shape {
    const columns = [this.id, this.info, this.count, this.size];
    const shape: { -readonly [Key in keyof Shape]: Shape[Key] } = {
      opened: () => {
        if (this.lists++ > 0) this.callers.push(this.id.length - 1);
      },
      closed: () => {
        this.lists--;
        if (this.lists > 0) this.callers.pop();
      },
      each: (value, index) => {
        const field = index % NODE_FIELDS.length;
        if (field === 4) return;
        if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
          throw new FormatError(this.input, '$.trace_tree', `expected a whole number, found ${typeOf(value)}`);
        }
        columns[field]!.push(value);
        if (field === 0) this.parent.push(this.callers.at(-1) ?? -1);
      },
    };
    shape.items = shape;
    return shape;
  }

  /** @throws {FormatError} a node is of no function, or a name is none of so many strings */
  traces(strings: number): HeapTraces | undefined {
    const [, name, scriptName, scriptId, line, column] = this.functionColumns.map((values) =>
      Uint32Array.from({ length: values.length }, (_, i) => values.at(i)),
    ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    if (this.id.length === 0) return undefined;
    const { length } = this.size;
    for (let i = 0; i < name.length; i++) {
      if (name[i]! < strings && scriptName[i]! < strings) continue;
      throw new FormatError(this.input, '$.trace_function_infos', `function ${i} has a name that is no string`);
    }
    for (let i = 0; i < length; i++) {
      if (this.info.at(i) < name.length) continue;
      throw new FormatError(this.input, '$.trace_tree', `there is no function ${this.info.at(i)}`);
    }
    return {
      id: Uint32Array.from({ length }, (_, i) => this.id.at(i)),
      functionInfo: Uint32Array.from({ length }, (_, i) => this.info.at(i)),
      parent: Int32Array.from({ length }, (_, i) => this.parent.at(i)),
      count: Float64Array.from({ length }, (_, i) => this.count.at(i)),
      size: Float64Array.from({ length }, (_, i) => this.size.at(i)),
      functions: { name, scriptName, scriptId, line, column },
    };
  }
}

/** `samples` as they come in. */
export class SampleColumns {
  readonly rows: NumberRows;
  private readonly timestamp = new Float64Column();
  private readonly lastId = new Float64Column();

  constructor(input: Input, head: SnapshotHead, taker: NumberTaker) {
    const fields = head.sampleFields;
    const width = Math.max(1, fields.length);
    const timestamp = fields.indexOf('timestamp_us');
    const lastId = fields.indexOf('last_assigned_id');
    this.rows = new NumberRows(input, '$.samples', width, taker, (values, rows, wide) => {
      for (let i = 0; i < rows; i++) {
        // An hour in microseconds takes 32 bits
        const at = (field: number): number =>
          wide.find((number) => number.row === i && number.field === field)?.value ?? values[i * width + field] ?? 0;
        this.timestamp.push(at(timestamp));
        this.lastId.push(at(lastId));
      }
    });
  }

  samples(): HeapSamples | undefined {
    const { length } = this.timestamp;
    if (length === 0) return undefined;
    return {
      timestamp: Float64Array.from({ length }, (_, i) => this.timestamp.at(i)),
      lastId: Float64Array.from({ length }, (_, i) => this.lastId.at(i)),
    };
  }
}
