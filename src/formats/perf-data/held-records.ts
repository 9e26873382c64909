import type { Chunk, ChunkPool } from './chunk.ts';
import { timeOrder } from './time-order.ts';

const LEAST_CAPACITY = 1024;

/** Gets records in the order of their time. */
export type HeldRecord = (chunk: Chunk, at: number, event: number, position: number) => void;

/**
 * Records that wait until all earlier ones must have come.
 *
 * perf empties the buffers of all processors in turn: one time around is a round, and each buffer is in order. What is
 * older than the newest record of the round before can have no forerunner any more. So two rounds are held, in the
 * chunks that they were read into, whatever the size of the recording.
 */
export class HeldRecords {
  private length = 0;
  private capacity = LEAST_CAPACITY;
  private times = new Float64Array(this.capacity);
  private positions = new Float64Array(this.capacity);
  private places = new Int32Array(this.capacity);
  private events = new Int32Array(this.capacity);
  private chunks: Chunk[] = [];
  private newest = Number.NEGATIVE_INFINITY;
  private newestOfLastRound = Number.NEGATIVE_INFINITY;
  private told = Number.NEGATIVE_INFINITY;
  private readonly tell: HeldRecord;
  private readonly pool: ChunkPool;
  private readonly mostBytes: number;
  private bytes = 0;
  /** Records that came when later ones had been told already. */
  late = 0;

  /** @param mostBytes of records to hold: where more come without an end of a round, they are told as they are */
  constructor(pool: ChunkPool, mostBytes: number, tell: HeldRecord) {
    this.pool = pool;
    this.mostBytes = mostBytes;
    this.tell = tell;
  }

  hold(time: number, chunk: Chunk, at: number, size: number, event: number, position: number): void {
    if (this.length === this.capacity) this.grow();
    const i = this.length++;
    this.times[i] = time;
    this.positions[i] = position;
    this.places[i] = at;
    this.events[i] = event;
    this.chunks[i] = chunk;
    chunk.waiting++;
    if (time > this.newest) this.newest = time;
    if (time < this.told) this.late++;
    this.bytes += size;
    if (this.bytes > this.mostBytes) this.flush(this.newest);
  }

  roundEnds(): void {
    if (this.newestOfLastRound > this.told) this.flush(this.newestOfLastRound);
    this.newestOfLastRound = this.newest;
  }

  end(): void {
    this.flush(Number.POSITIVE_INFINITY);
  }

  /** Tells what is not newer than `limit`. */
  private flush(limit: number): void {
    const { length, times, positions, places, events, chunks, pool, tell } = this;
    const order = timeOrder(times, length);
    let count = 0;
    while (count < length && times[order[count]!]! <= limit) count++;
    this.told = limit;
    for (let i = 0; i < count; i++) {
      const record = order[i]!;
      const chunk = chunks[record]!;
      tell(chunk, places[record]!, events[record]!, positions[record]!);
      if (--chunk.waiting === 0 && chunk.left) pool.give(chunk);
    }
    this.keep(order.subarray(count));
  }

  /** Leaves some of the held records, in a new order. */
  private keep(order: Uint32Array): void {
    const { chunks, length } = this;
    const capacity = Math.max(LEAST_CAPACITY, 2 * order.length);
    this.times = gathered(this.times, order, new Float64Array(capacity));
    this.positions = gathered(this.positions, order, new Float64Array(capacity));
    this.places = gathered(this.places, order, new Int32Array(capacity));
    this.events = gathered(this.events, order, new Int32Array(capacity));
    this.chunks = Array.from(order, (record) => chunks[record]!);
    this.bytes = (this.bytes / Math.max(1, length)) * order.length;
    this.capacity = capacity;
    this.length = order.length;
  }

  private grow(): void {
    this.capacity *= 2;
    this.times = copied(this.times, new Float64Array(this.capacity));
    this.positions = copied(this.positions, new Float64Array(this.capacity));
    this.places = copied(this.places, new Int32Array(this.capacity));
    this.events = copied(this.events, new Int32Array(this.capacity));
  }
}

type Column = Float64Array | Int32Array;

function gathered<Kind extends Column>(column: Kind, order: Uint32Array, into: Kind): Kind {
  for (let i = 0; i < order.length; i++) into[i] = column[order[i]!]!;
  return into;
}

function copied<Kind extends Column>(column: Kind, into: Kind): Kind {
  into.set(column);
  return into;
}
