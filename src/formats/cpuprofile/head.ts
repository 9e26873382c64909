import type { ProfileBuilder } from '../../profile/builder.ts';
import { Int32Column } from '../../profile/columns.ts';
import { FormatError, type Input } from '../format.ts';
import { CallFrames } from '../frames/call-frames.ts';
import { prefixStacks } from '../frames/prefix-stacks.ts';
import { type JsonObject, jsonNumber } from '../json-stream/input.ts';
import { NumberList } from '../json-stream/list.ts';
import type { NestedNodes } from '../json-stream/nested-nodes.ts';
import { ALL, type Shape } from '../json-stream/shape.ts';
import { NodeIds } from './node-ids.ts';
import { type CpuTree, cpuFrames, cpuFrameWords, hitCount, setIdle } from './tree.ts';

/** What is read of a node, beside its `children`. */
export const cpuHeadFields: Readonly<Record<string, Shape>> = {
  functionName: ALL,
  url: ALL,
  lineNumber: ALL,
  columnNumber: ALL,
  id: ALL,
  hitCount: ALL,
};

/** The nested nodes of `.cpuprofile`s by node 8 and older: lines are 1-based, functions stand in the nodes. */
export class CpuHead implements NestedNodes {
  private readonly input: Input;
  private calls = new CallFrames();
  private ids = new Set<number>();
  // As they are complete, callees first
  private id = new NumberList();
  private hitCount = new NumberList();
  private call = new Int32Column();
  private order = new Int32Column();
  private caller = new Int32Column();

  constructor(input: Input) {
    this.input = input;
  }

  start(): void {
    this.calls = new CallFrames();
    this.ids = new Set();
    this.id = new NumberList();
    this.hitCount = new NumberList();
    this.call = new Int32Column();
    this.order = new Int32Column();
    this.caller = new Int32Column();
  }

  node(value: JsonObject, path: () => string, order: number, caller: number): void {
    const { input } = this;
    const words = cpuFrameWords(input, path, value, 0);
    const id = jsonNumber(input, () => `${path()}.id`, value.id);
    if (this.ids.has(id)) throw new FormatError(input, `${path()}.id`, `${id} is the id of another node already`);
    this.ids.add(id);
    this.id.push(id);
    this.hitCount.push(hitCount(input, () => `${path()}.hitCount`, value.hitCount));
    this.call.push(this.calls.intern(words));
    this.order.push(order);
    this.caller.push(caller);
  }

  /** The tree, rows in the order in which the file's nodes begin: callers before callees. */
  tree(builder: ProfileBuilder): CpuTree {
    const { length } = this.id;
    const place = new Int32Array(length);
    for (let i = 0; i < length; i++) place[this.order.at(i)] = i;
    const id = new Float64Array(length);
    const hits = new NumberList();
    const call = new Int32Array(length);
    const caller = new Int32Array(length);
    for (let row = 0; row < length; row++) {
      const i = place[row]!;
      id[row] = this.id.at(i)!;
      hits.push(this.hitCount.at(i)!);
      call[row] = this.call.at(i);
      caller[row] = this.caller.at(i);
    }
    const never = (): never => {
      throw new RangeError('a tree that is written as one has no duplicate ids and no cycle');
    };
    const stack = prefixStacks(caller, cpuFrames(caller, call, this.calls, builder), builder, never);
    setIdle(stack, call, this.calls);
    return { ids: new NodeIds(id, never), stack, hitCount: hits };
  }
}
