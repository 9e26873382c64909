import { formatValue } from '../../profile/units.ts';
import type { Notes, ReadChoices } from '../format.ts';
import type { PerfEvent, ThreadSwitch } from '../perf-data/recording.ts';

/** A thread that is not on a CPU. */
interface Wait {
  /** The places of its stack, leaf first; none where perf has no sample of it. */
  readonly symbols: Int32Array;
  readonly thread: number;
  /** Nanoseconds of the recording's clock. */
  since: number;
  preempted: boolean;
  /** It has left the CPU: until then it may still be seen there. */
  out: boolean;
}

/** Gets each wait as it ends. @param nanoseconds how long it was */
export type WaitEnds = (wait: Readonly<Wait>, nanoseconds: number) => void;

const NO_STACK = new Int32Array(0);
/** A shorter time without a stack, while perf attaches, concerns nobody. */
const WORTH_TELLING = 1e6;

/** The event whose samples are the moments at which threads leave the CPU; -1 = the recording does not tell waits. */
export function waitEvent(events: readonly PerfEvent[]): number {
  if (!events.some(({ switches }) => switches)) return -1;
  return events.findIndex(
    ({ name, frequency, period }) => !frequency && period === 1 && /^(?:context-switches|cs)(?:[/:]|$)/.test(name),
  );
}

/**
 * Joins what perf tells of threads off the CPU: the sample of the software event context-switches (with the stack that
 * says why), the record that the thread went out (and whether it only had to make room for another), and the record
 * that it came back. Everything of one thread comes in the order of time.
 */
export class Waits {
  private readonly ends: WaitEnds;
  private readonly waiting = new Map<number, Wait>();
  /** Threads of which something is known before they come to the CPU. */
  private readonly known = new Set<number>();
  private first = 0;
  private last = 0;
  private endLost = 0;
  private withoutStack = 0;
  private asleepBefore = 0;
  /** The sum of the times at which they came to the CPU. */
  private asleepUntil = 0;

  constructor(ends: WaitEnds) {
    this.ends = ends;
  }

  /** A thread is seen on the CPU: if it was away, perf lost that it came back, and how long it was away is unknown. */
  runs(tid: number, time: number): void {
    this.at(time);
    if (this.waiting.get(tid)?.out !== true) return;
    this.endLost++;
    this.waiting.delete(tid);
  }

  private at(time: number): void {
    if (this.first === 0) this.first = time;
    if (time > this.last) this.last = time;
  }

  /** A thread leaves the CPU. @param symbols its stack; kept */
  leaves(tid: number, symbols: Int32Array, thread: number, time: number): void {
    this.at(time);
    if (this.waiting.has(tid)) this.endLost++;
    this.known.add(tid);
    this.waiting.set(tid, { symbols, thread, since: time, preempted: false, out: false });
  }

  /** @param thread the row of the thread, asked for where there is no sample of it */
  switched({ kind, tid, time }: ThreadSwitch, thread: () => number): void {
    // The idle task of a processor waits for work
    if (tid === 0) return;
    this.at(time);
    const wait = this.waiting.get(tid);
    switch (kind) {
      case 'born':
        this.known.add(tid);
        return;
      case 'out':
      case 'preempted':
        this.known.add(tid);
        if (wait === undefined) {
          this.withoutStack++;
          const preempted = kind === 'preempted';
          this.waiting.set(tid, { symbols: NO_STACK, thread: thread(), since: time, preempted, out: true });
        } else {
          wait.since = time;
          wait.out = true;
          wait.preempted = kind === 'preempted';
        }
        return;
      default:
        if (wait !== undefined) this.end(tid, wait, time);
        else if (kind === 'in' && !this.known.has(tid)) {
          this.asleepBefore++;
          this.asleepUntil += time;
        }
        if (kind === 'in') this.known.add(tid);
        else this.known.delete(tid);
    }
  }

  /**
   * The recording ends: what still waits counts up to here.
   * @param recorded when, on the recording's own clock; undefined = from its first record to its last
   */
  finish(recorded: ReadChoices['recorded'], notes: Notes): void {
    const time = Math.max(this.last, recorded?.to ?? 0);
    const open = this.waiting.size;
    let nanoseconds = 0;
    for (const [tid, wait] of this.waiting) {
      nanoseconds += time - wait.since;
      this.end(tid, wait, time);
    }
    const upTo = recorded === undefined ? 'its last record' : 'its end';
    if (open > 0) {
      notes.add(
        `threads that waited when the recording ended: ${open}, counted up to ${upTo} (${inWords(nanoseconds)})`,
      );
    }
    const asleep = this.asleepUntil - this.asleepBefore * (recorded?.from ?? this.first);
    if (asleep > WORTH_TELLING) {
      notes.add(
        `threads that waited before the recording began: ${this.asleepBefore}, their first waits (${inWords(asleep)}) have no stack and are left out`,
      );
    }
    if (this.withoutStack > 0) notes.add(`waits without a stack: ${this.withoutStack}`);
    if (this.endLost > 0) notes.add(`waits whose end perf lost, left out: ${this.endLost}`);
  }

  private end(tid: number, wait: Wait, time: number): void {
    this.waiting.delete(tid);
    this.ends(wait, Math.max(0, time - wait.since));
  }
}

function inWords(nanoseconds: number): string {
  return formatValue(nanoseconds, 'nanoseconds');
}
