import type { Events } from './events.ts';
import type { PerfEvent, PerfInfo } from './recording.ts';

/** What a recording says of itself, as far as it has been read. */
export class Facts implements PerfInfo {
  host = '';
  cmdline: string[] = [];
  perfVersion = '';
  osRelease = '';
  arch = '';
  cpus = 0;
  sampleTime?: { first: number; last: number };
  clockData?: { clockId: number; wall: number; clock: number };
  readonly littleEndian: boolean;
  readonly buildIds = new Map<string, string>();
  private readonly known: Events;

  constructor(littleEndian: boolean, events: Events) {
    this.littleEndian = littleEndian;
    this.known = events;
  }

  get events(): readonly PerfEvent[] {
    return this.known.list;
  }

  get pointerSize(): 4 | 8 {
    return this.arch === '' || /64|s390x|alpha/.test(this.arch) ? 8 : 4;
  }

  get clockId(): number | undefined {
    return this.clockData?.clockId ?? this.known.list[0]?.clockId;
  }
}
