import { FormatError, type Input, type Notes } from '../format.ts';
import { type JsonObject, wrongType } from '../json-stream/input.ts';

/** A begin (`B`), end (`E`) or complete (`X`) event. */
export const BEGIN = 0;
export const END = 1;
export const WHOLE = 2;

/** Events with a duration, as columns. */
export interface DurationEvents {
  /** {@link BEGIN}, {@link END} or {@link WHOLE}. */
  readonly phase: Int32Array;
  /** The number of what is drawn. */
  readonly call: Int32Array;
  /** The event's name by the number of what is drawn. */
  readonly name: readonly string[];
  /** Microseconds. */
  readonly time: Float64Array;
  /** Microseconds; of {@link WHOLE} only. */
  readonly duration: Float64Array;
  /** Where an event stands, as a JSON path. */
  path(row: number): string;
}

/** What was open from `start` to `end`, in microseconds: columns. */
export interface Slices {
  /** The event that says what it is. */
  readonly row: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * Pairs the events of one thread. An end closes the latest open begin of its name, or the latest of all if it has no
 * name. Begins without an end last until the thread's last event; ends without a begin are left out; both are counted.
 */
export class SlicePairing {
  private unopened = 0;
  private firstUnopened = '';
  private unclosed = 0;
  private firstUnclosed = '';

  /**
   * @param rows the thread's events
   * @returns in the order of their starts, callers before callees
   */
  pair(events: DurationEvents, rows: Int32Array): Slices {
    const { phase, call, time, duration } = events;
    const name = (row: number) => events.name[call[row]!]!;
    const sorted = rows.slice().sort((a, b) => time[a]! - time[b]! || a - b);
    const slices = {
      row: new Int32Array(rows.length),
      start: new Float64Array(rows.length),
      end: new Float64Array(rows.length),
    };
    let length = 0;
    const open: { row: number; slot: number }[] = [];
    // How many are open of a name: nothing is searched in vain
    const opened = new Map<string, number>();
    // An end that stands before the begin of the same instant
    const early = new Map<string, number>();
    let last = 0;
    const add = (row: number, end: number): void => {
      slices.row[length] = row;
      slices.start[length] = time[row]!;
      slices.end[length++] = end;
    };
    for (const row of sorted) {
      const now = time[row]!;
      last = Math.max(last, now + duration[row]!);
      if (phase[row] === WHOLE) add(row, now + duration[row]!);
      else if (phase[row] === BEGIN) {
        if (early.get(name(row)) === now) {
          early.delete(name(row));
          this.unopened--;
          continue;
        }
        open.push({ row, slot: length });
        opened.set(name(row), (opened.get(name(row)) ?? 0) + 1);
        add(row, now);
      } else {
        let at = name(row) === '' || (opened.get(name(row)) ?? 0) > 0 ? open.length - 1 : -1;
        while (name(row) !== '' && at >= 0 && name(open[at]!.row) !== name(row)) at--;
        if (at < 0) {
          if (this.unopened++ === 0) this.firstUnopened = events.path(row);
          early.set(name(row), now);
          continue;
        }
        const [begin] = open.splice(at, 1);
        opened.set(name(begin!.row), opened.get(name(begin!.row))! - 1);
        slices.end[begin!.slot] = now;
      }
    }
    for (const { row, slot } of open) {
      if (this.unclosed++ === 0) this.firstUnclosed = events.path(row);
      slices.end[slot] = last;
    }
    return {
      row: slices.row.subarray(0, length),
      start: slices.start.subarray(0, length),
      end: slices.end.subarray(0, length),
    };
  }

  note(notes: Notes): void {
    if (this.unopened > 0) {
      notes.add(`end events without a begin, left out: ${this.unopened}, first ${this.firstUnopened}`);
    }
    if (this.unclosed > 0) {
      notes.add(
        `begin events without an end, drawn until their thread's last event: ${this.unclosed}, first ${this.firstUnclosed}`,
      );
    }
  }
}

/** Work that may go into slices that overlap without nesting, in stacks made anew. */
const MOST_RESTACKED = 5_000_000;

/**
 * Cuts the time of one thread where its stack changes. A slice that starts inside another stands on it, also where it
 * outlives it; it then goes on without it. So the sum over all pieces is the time in which anything was open.
 * @param stack the stack that adds a slice, by its event, to its caller's stack (-1 for none)
 * @param piece takes one piece of time with its stack
 * @returns how many slices outlive one that they started in
 * @throws {FormatError} the slices overlap all over, which is no nesting
 */
export function walkSlices(
  input: Input,
  { row, start: starts, end: ends }: Slices,
  stack: (caller: number, row: number) => number,
  piece: (stack: number, start: number, end: number) => void,
): number {
  const order = Int32Array.from(row.keys()).filter((slice) => ends[slice]! > starts[slice]!);
  order.sort((a, b) => starts[a]! - starts[b]! || ends[b]! - ends[a]! || a - b);
  const byEnd = Int32Array.from(order.keys());
  byEnd.sort((a, b) => ends[order[a]!]! - ends[order[b]!]! || b - a);
  const open: { rank: number; stack: number }[] = [];
  let now = 0;
  let next = 0;
  let overlaps = 0;
  let restacked = 0;
  const advance = (to: number): void => {
    if (open.length > 0 && to > now) piece(open.at(-1)!.stack, now, to);
    now = to;
  };
  for (const ended of byEnd) {
    const end = ends[order[ended]!]!;
    for (; next < order.length && starts[order[next]!]! < end; next++) {
      advance(starts[order[next]!]!);
      open.push({ rank: next, stack: stack(open.at(-1)?.stack ?? -1, row[order[next]!]!) });
    }
    advance(end);
    let at = open.length - 1;
    while (open[at]!.rank !== ended) at--;
    open.splice(at, 1);
    if (at === open.length) continue;
    overlaps++;
    restacked += open.length - at;
    if (restacked > MOST_RESTACKED) throw new FormatError(input, '', 'its events overlap without nesting all over');
    for (; at < open.length; at++) {
      open[at]!.stack = stack(open[at - 1]?.stack ?? -1, row[order[open[at]!.rank]!]!);
    }
  }
  return overlaps;
}

/**
 * A time or duration: a number, or as some programs write it a string of digits.
 * @throws {FormatError} neither
 */
export function traceNumber(input: Input, path: () => string, event: JsonObject, key: string): number {
  const value = event[key];
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw wrongType(input, `${path()}.${key}`, 'a number', value);
}
