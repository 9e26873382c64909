import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { jsKind } from '../../profile/kind.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { CallFrames } from '../frames/call-frames.ts';
import { prefixStacks } from '../frames/prefix-stacks.ts';
import { ANONYMOUS } from '../frames/v8-names.ts';
import { jsonObject, jsonString } from '../json-stream/input.ts';
import type { JsonMachine } from '../json-stream/machine.ts';
import { ALL, members, type Shape } from '../json-stream/shape.ts';
import { traceNumber } from './slices.ts';
import { ThreadNumbers, type TraceThreads } from './threads.ts';

/**
 * The `samples` of a trace, whose stacks stand in `stackFrames` as id to `{ name, category, parent }` (Hermes), either
 * of them first. A sample lasts until the next one of its thread, the last one as long as the average.
 */
export class TraceSamples {
  private readonly input: Input;
  private threads = new ThreadNumbers();
  private time = new Float64Column();
  private thread = new Int32Column();
  /** The number of the sample's frame id; -1 for none. */
  private leaf = new Int32Column();
  /** Ids of stack frames by number, of samples, frames and callers alike. */
  private readonly ids = new Map<string, number>();
  private readonly calls = new CallFrames();
  /** By number of the id: what is called, -1 where there is no such frame, and the number of the caller's id. */
  private frames: { call: number; caller: number }[] = [];

  constructor(input: Input) {
    this.input = input;
  }

  /** @throws {FormatError} a wrong type */
  samplesShape(machine: JsonMachine): Shape {
    const path = () => machine.path();
    return {
      items: members({ ts: ALL, sf: ALL, pid: ALL, tid: ALL }),
      opened: () => {
        this.threads = new ThreadNumbers();
        this.time = new Float64Column();
        this.thread = new Int32Column();
        this.leaf = new Int32Column();
      },
      each: (value) => {
        const sample = jsonObject(this.input, path, value);
        this.time.push(traceNumber(this.input, path, sample, 'ts'));
        this.leaf.push(sample.sf === undefined ? -1 : this.id(String(sample.sf)));
        this.thread.push(this.threads.number(sample));
      },
    };
  }

  /** @throws {FormatError} a wrong type */
  framesShape(machine: JsonMachine): Shape {
    return {
      items: members({ name: ALL, parent: ALL }),
      opened: () => {
        this.frames = [];
      },
      eachMember: (value, key) => {
        const frame = jsonObject(this.input, () => machine.path(), value);
        const name = jsonString(this.input, () => `${machine.path()}.name`, frame.name);
        const { parent } = frame;
        const id = this.id(key);
        const caller = parent === undefined || parent === null ? -1 : this.id(String(parent));
        this.frames[id] = { call: this.calls.intern(frameWords(name)), caller };
      },
    };
  }

  private id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(text, id);
    }
    return id;
  }

  /** @throws {FormatError} a frame that is its own caller */
  addTo(builder: ProfileBuilder, names: TraceThreads, notes: Notes): void {
    const stacks = this.stacks(builder);
    const time = this.time.toArray();
    let origin = Number.POSITIVE_INFINITY;
    for (const at of time) if (at < origin) origin = at;
    const nanoseconds = (row: number) => Math.round((time[row]! - origin) * 1000);
    const values = [0];
    let unknown = 0;
    const { first } = this.threads;
    ThreadNumbers.rows(this.thread.toArray(), first.length).forEach((rows, number) => {
      rows.sort((a, b) => time[a]! - time[b]! || a - b);
      const thread = builder.thread(names.thread(first[number]!));
      const span = nanoseconds(rows.at(-1)!) - nanoseconds(rows[0]!);
      const average = rows.length > 1 ? Math.round(span / (rows.length - 1)) : 0;
      for (let i = 0; i < rows.length; i++) {
        const start = nanoseconds(rows[i]!);
        values[0] = i + 1 < rows.length ? nanoseconds(rows[i + 1]!) - start : average;
        const leaf = this.leaf.at(rows[i]!);
        const known = leaf >= 0 && this.frames[leaf] !== undefined;
        if (!known) unknown++;
        builder.sample(known ? stacks[leaf]! : -1, values, start, thread);
      }
    });
    if (unknown > 0) notes.add(`samples of stack frames that do not exist, left without a stack: ${unknown}`);
  }

  /** The builder's stack by the number of a frame's id. */
  private stacks(builder: ProfileBuilder): Int32Array {
    const frameOf = this.calls.framesOf(builder);
    const caller = new Int32Array(this.ids.size).fill(-1);
    const frame = new Int32Array(this.ids.size).fill(-1);
    for (const [id, node] of this.frames.entries()) {
      if (node === undefined) continue;
      caller[id] = node.caller;
      frame[id] = frameOf(node.call);
    }
    const words = [...this.ids.keys()];
    return prefixStacks(caller, frame, builder, (id) => {
      const path = `$.stackFrames[${JSON.stringify(words[id])}]`;
      throw new FormatError(this.input, path, 'the frame is its own caller (a cycle)');
    });
  }
}

/** Hermes writes `name(url:line:column)`. */
function frameWords(text: string): FrameWords {
  const [, name, file, line, column] = /^([^()]*)\(([^()]+):(\d{1,9}):(\d{1,9})\)$/.exec(text) ?? [];
  if (file === undefined) return { name: text };
  return { name: name || ANONYMOUS, file, line: Number(line), column: Number(column), kind: jsKind(file) };
}
