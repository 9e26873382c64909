import type { Thread } from '../profile/profile.ts';
import type { JsonObject } from './json-input.ts';

/** Names of the processes and threads of a trace, from its metadata events (`ph` `M`), which may stand anywhere. */
export class TraceThreads {
  private readonly processes = new Map<string, string>();
  private readonly threads = new Map<string, string>();

  describe(event: JsonObject): void {
    const args = event.args as JsonObject | null | undefined;
    const name = args?.name;
    if (typeof name !== 'string') return;
    if (event.name === 'process_name') this.processes.set(JSON.stringify(String(event.pid)), name);
    if (event.name === 'thread_name') this.threads.set(this.key(event), name);
  }

  /** Equal for events of one thread. Some programs write ids as strings. */
  key(event: { readonly pid?: unknown; readonly tid?: unknown }): string {
    return JSON.stringify([String(event.pid), String(event.tid)]);
  }

  thread(event: { readonly pid?: unknown; readonly tid?: unknown }): Thread {
    return {
      pid: idOf(event.pid),
      tid: idOf(event.tid),
      process: this.processes.get(JSON.stringify(String(event.pid))) ?? '',
      name:
        this.threads.get(this.key(event)) ?? (idOf(event.tid) < 0 && event.tid !== undefined ? String(event.tid) : ''),
    };
  }
}

/** -1 where it is no number. */
function idOf(value: unknown): number {
  const id = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : -1;
}
