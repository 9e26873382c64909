import { Int32Column, PairInterner } from '../../profile/columns.ts';
import { FormatError, type Input } from '../format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject } from '../json-stream/input.ts';
import { NumberList } from '../json-stream/list.ts';
import type { JsonMachine } from '../json-stream/machine.ts';
import { ALL, members, type Shape } from '../json-stream/shape.ts';

/**
 * The stacks of all profiles of a speedscope file, each once: a tree of the file's own frame numbers. Which frames there
 * are may stand behind the profiles, so they are looked up at the end.
 */
export class SpeedscopeStacks {
  private readonly tree = new PairInterner();
  /** Where each stack was met first, for messages: the profile and the row. */
  private readonly profile = new Int32Column();
  private readonly row = new Int32Column();

  /** The stack that adds a frame; the first of a new one is remembered with its place. */
  add(caller: number, frame: number, profile: number, row: number): number {
    const { length } = this.tree;
    const stack = this.tree.intern(caller, frame);
    if (stack === length) {
      this.profile.push(profile);
      this.row.push(row);
    }
    return stack;
  }

  /**
   * The builder's stack of each of ours.
   * @throws {FormatError} a frame that does not exist
   */
  resolve(input: Input, frames: readonly number[], stackOf: (caller: number, frame: number) => number): Int32Array {
    const stacks = new Int32Array(this.tree.length);
    for (let i = 0; i < stacks.length; i++) {
      const caller = this.tree.first.at(i);
      const frame = frames[this.tree.second.at(i)];
      if (frame === undefined) {
        const path = `$.profiles[${this.profile.at(i)}].samples[${this.row.at(i)}][${this.depth(i)}]`;
        throw noFrame(input, path, this.tree.second.at(i), frames.length);
      }
      stacks[i] = stackOf(caller < 0 ? -1 : stacks[caller]!, frame);
    }
    return stacks;
  }

  private depth(stack: number): number {
    let depth = 0;
    for (let at = this.tree.first.at(stack); at >= 0; at = this.tree.first.at(at)) depth++;
    return depth;
  }
}

/** One profile of a speedscope file: its members, but for the long lists, which are columns. */
export class SpeedscopeColumns {
  readonly file: JsonObject;
  /** Of `sampled` profiles: each sample's number in {@link SpeedscopeStacks}, -1 for none. */
  readonly samples: Int32Column;
  /** Of `evented` profiles, for each event: 1 = a frame opens, 0 = it closes; the frame; when. */
  readonly opens: NumberList;
  readonly frames: NumberList;
  readonly times: NumberList;

  constructor(file: JsonObject, samples: Int32Column, opens: NumberList, frames: NumberList, times: NumberList) {
    this.file = file;
    this.samples = samples;
    this.opens = opens;
    this.frames = frames;
    this.times = times;
  }
}

/**
 * How the `profiles` of a speedscope file are read: as {@link SpeedscopeColumns}.
 * @throws {FormatError} a wrong type in a sample or an event
 */
export function speedscopeProfiles(input: Input, machine: JsonMachine, stacks: SpeedscopeStacks): Shape {
  let profile = -1;
  let samples = new Int32Column();
  let opens = new NumberList();
  let frames = new NumberList();
  let times = new NumberList();
  const clearEvents = (): void => {
    opens = new NumberList();
    frames = new NumberList();
    times = new NumberList();
  };
  const sample = (value: unknown, row: number): void => {
    const list = jsonArray(input, () => machine.path(), value);
    let stack = -1;
    for (let k = 0; k < list.length; k++) {
      const frame = jsonNumber(input, () => `${machine.path()}[${k}]`, list.at(k));
      if ((frame | 0) !== frame || frame < 0) throw noFrame(input, `${machine.path()}[${k}]`, frame);
      stack = stacks.add(stack, frame, profile, row);
    }
    samples.push(stack);
  };
  const event = (value: unknown): void => {
    const { type, frame, at } = jsonObject(input, () => machine.path(), value);
    const number = jsonNumber(input, () => `${machine.path()}.frame`, frame);
    times.push(jsonNumber(input, () => `${machine.path()}.at`, at));
    if (type !== 'O' && type !== 'C') {
      throw new FormatError(input, `${machine.path()}.type`, 'this is neither "O" (open) nor "C" (close)');
    }
    frames.push(number);
    opens.push(type === 'O' ? 1 : 0);
  };
  return {
    opened() {
      profile = -1;
    },
    items: members(
      {
        ...{ type: ALL, unit: ALL, name: ALL, startValue: ALL, endValue: ALL, pforgeProf: ALL, weights: ALL },
        samples: {
          opened() {
            samples = new Int32Column();
          },
          each: sample,
        },
        events: {
          items: members({ type: ALL, frame: ALL, at: ALL }),
          opened: clearEvents,
          each: event,
        },
      },
      {
        opened() {
          profile++;
          samples = new Int32Column();
          clearEvents();
        },
        closed(value) {
          const file = jsonObject(input, () => machine.path(), value);
          return new SpeedscopeColumns(file, samples, opens, frames, times);
        },
      },
    ),
  };
}

/** @param known how many frames there are, where that is known */
export function noFrame(input: Input, path: string, frame: number, known?: number): FormatError {
  const only = known === undefined ? '' : `, only ${known} ($.shared.frames)`;
  return new FormatError(input, path, `there is no frame ${frame}${only}`);
}
