import type { Connection } from './connection.ts';
import type { RepeatedAnswer } from './repeated-answer.ts';
import type { LoadShare } from './share.ts';
import type { Tally } from './tally.ts';

/** What a connection asks of its thread. */
export interface ConnectionOwner {
  readonly share: LoadShare;
  readonly tally: Tally;
  /** For requests of the warm-up that end after it: nobody looks at it. */
  readonly aside: Tally;
  /** All sockets of a thread read into these bytes: a callback has done with them before the next read. */
  readonly buffer: Uint8Array;
  readonly repeated: RepeatedAnswer;
  /** Room for more requests: the thread may call `send`. @param now the clock, as it was a moment ago */
  ready(connection: Connection, now: number): void;
  /** A request came to its end, good or bad. */
  settled(): void;
  nextId(): number;
  /** The server can be reached, or said something. */
  heard(now: number): void;
}
