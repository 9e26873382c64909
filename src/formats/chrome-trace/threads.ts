import type { Thread } from '../../profile/profile.ts';
import type { JsonObject } from '../json-stream/input.ts';

/** The process and thread of an event as the file has them: numbers, or as some programs write them texts. */
export interface TraceIds {
  readonly pid?: unknown;
  readonly tid?: unknown;
}

/** Names of the processes and threads of a trace, from its metadata events (`ph` `M`), which may stand anywhere. */
export class TraceThreads {
  private readonly processes = new Map<string, string>();
  private readonly threads = new Map<string, string>();

  describe(event: JsonObject): void {
    const args = event.args as JsonObject | null | undefined;
    const name = args?.name;
    if (typeof name !== 'string') return;
    if (event.name === 'process_name') this.processes.set(JSON.stringify(String(event.pid)), name);
    if (event.name === 'thread_name') this.threads.set(threadKey(event), name);
  }

  thread(event: TraceIds): Thread {
    return {
      pid: idOf(event.pid),
      tid: idOf(event.tid),
      process: this.processes.get(JSON.stringify(String(event.pid))) ?? '',
      name:
        this.threads.get(threadKey(event)) ?? (idOf(event.tid) < 0 && event.tid !== undefined ? String(event.tid) : ''),
    };
  }
}

/** Numbers threads in the order in which they are met. */
export class ThreadNumbers {
  /** An event of each thread. */
  readonly first: TraceIds[] = [];
  private readonly numbers = new Map<string, number>();
  private last: TraceIds = {};
  private lastNumber = -1;

  number(event: TraceIds): number {
    const { pid, tid } = event;
    // Mostly it is the thread of the event before
    if (this.lastNumber >= 0 && pid === this.last.pid && tid === this.last.tid) return this.lastNumber;
    const key = threadKey(event);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.first.length;
      this.first.push({ pid, tid });
      this.numbers.set(key, number);
    }
    this.last = { pid, tid };
    this.lastNumber = number;
    return number;
  }

  /** For rows of which the threads are given, the rows of each thread, in their order. */
  static rows(threads: ArrayLike<number>, count: number): Int32Array[] {
    const sizes = new Int32Array(count);
    for (let row = 0; row < threads.length; row++) sizes[threads[row]!]!++;
    const lists = Array.from(sizes, (size) => new Int32Array(size));
    sizes.fill(0);
    for (let row = 0; row < threads.length; row++) {
      const thread = threads[row]!;
      lists[thread]![sizes[thread]!++] = row;
    }
    return lists;
  }
}

/** Equal for events of one thread. */
function threadKey(event: TraceIds): string {
  return JSON.stringify([String(event.pid), String(event.tid)]);
}

/** -1 where it is no number. */
function idOf(value: unknown): number {
  const id = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : -1;
}
