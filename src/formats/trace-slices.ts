import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, wrongType } from './json-input.ts';

/** A begin (`B`), end (`E`) or complete (`X`) event of one thread. */
export interface DurationEvent {
  readonly phase: 'B' | 'E' | 'X';
  readonly name: string;
  /** The caller's number for what is drawn. */
  readonly frame: number;
  /** Microseconds. */
  readonly time: number;
  /** Microseconds; of `X` only. */
  readonly duration: number;
  readonly path: string;
}

/** Something that was open from `start` to `end`, in microseconds. */
export interface Slice {
  readonly frame: number;
  readonly start: number;
  readonly end: number;
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

  /** @returns in the order of their starts, callers before callees */
  pair(events: readonly DurationEvent[]): Slice[] {
    const sorted = [...events].sort((a, b) => a.time - b.time);
    const slices: Slice[] = [];
    const open: { event: DurationEvent; slot: number }[] = [];
    // An end that stands before the begin of the same instant
    const early = new Map<string, number>();
    let last = 0;
    for (const event of sorted) {
      last = Math.max(last, event.time + event.duration);
      if (event.phase === 'X') {
        slices.push({ frame: event.frame, start: event.time, end: event.time + event.duration });
      } else if (event.phase === 'B') {
        if (early.get(event.name) === event.time) {
          early.delete(event.name);
          this.unopened--;
          continue;
        }
        open.push({ event, slot: slices.length });
        slices.push({ frame: event.frame, start: event.time, end: event.time });
      } else {
        let at = open.length - 1;
        while (event.name !== '' && at >= 0 && open[at]!.event.name !== event.name) at--;
        if (at < 0) {
          if (this.unopened++ === 0) this.firstUnopened = event.path;
          early.set(event.name, event.time);
          continue;
        }
        const [begin] = open.splice(at, 1);
        slices[begin!.slot] = { ...slices[begin!.slot]!, end: event.time };
      }
    }
    for (const { event, slot } of open) {
      if (this.unclosed++ === 0) this.firstUnclosed = event.path;
      slices[slot] = { ...slices[slot]!, end: last };
    }
    return slices;
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
 * @param stack the stack that adds a slice's frame to its caller's stack (-1 for none)
 * @param piece takes one piece of time with its stack
 * @returns how many slices outlive one that they started in
 * @throws {FormatError} the slices overlap all over, which is no nesting
 */
export function walkSlices(
  input: Input,
  slices: readonly Slice[],
  stack: (caller: number, frame: number) => number,
  piece: (stack: number, start: number, end: number) => void,
): number {
  const order = slices.filter(({ start, end }) => end > start);
  order.sort((a, b) => a.start - b.start || b.end - a.end);
  const ends = order.map((_, rank) => rank).sort((a, b) => order[a]!.end - order[b]!.end || b - a);
  const open: { rank: number; stack: number }[] = [];
  let now = 0;
  let next = 0;
  let overlaps = 0;
  let restacked = 0;
  const advance = (to: number): void => {
    if (open.length > 0 && to > now) piece(open.at(-1)!.stack, now, to);
    now = to;
  };
  for (const ended of ends) {
    const { end } = order[ended]!;
    for (; next < order.length && order[next]!.start < end; next++) {
      advance(order[next]!.start);
      open.push({ rank: next, stack: stack(open.at(-1)?.stack ?? -1, order[next]!.frame) });
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
      open[at]!.stack = stack(open[at - 1]?.stack ?? -1, order[open[at]!.rank]!.frame);
    }
  }
  return overlaps;
}

/**
 * A time or duration: a number, or as some programs write it a string of digits.
 * @throws {FormatError} neither
 */
export function traceNumber(input: Input, path: string, event: JsonObject, key: string): number {
  const value = event[key];
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw wrongType(input, `${path}.${key}`, 'a number', value);
}
