import { CHUNK_BYTES, type Chunk, type ChunkPool } from './chunk.ts';
import { TimeOrder } from './time-order.ts';

/** Gets records in the order of their time. */
export type HeldRecord = (chunk: Chunk, at: number, event: number) => void;

/** Rounds of fewer bytes are told together with the next: perf makes a round of every few records. */
const LEAST_BYTES = 1 << 20;

/** What is known of a held record takes about so many bytes beside it. */
const BYTES_BESIDE = 40;

/**
 * Records that wait until all earlier ones must have come.
 *
 * perf empties the buffers of all processors in turn: one time around is a round, and each buffer is in order. What is
 * older than the newest record of the round before can have no forerunner any more. So little more than two rounds is
 * held, in the chunks that they were read into, whatever the size of the recording.
 */
export class HeldRecords {
  /** Records that came when later ones had been told already. */
  late = 0;
  private length = 0;
  private columns = new Columns(1024);
  private spare = new Columns(1024);
  private newest = Number.NEGATIVE_INFINITY;
  private newestOfLastRound = Number.NEGATIVE_INFINITY;
  private told = Number.NEGATIVE_INFINITY;
  private bytes = 0;
  private readonly order = new TimeOrder();
  private readonly tell: HeldRecord;
  private readonly pool: ChunkPool;
  private readonly mostBytes: number;

  /** @param mostBytes of records to hold: where more come without an end of a round, they are told as they are */
  constructor(pool: ChunkPool, mostBytes: number, tell: HeldRecord) {
    this.pool = pool;
    this.mostBytes = mostBytes;
    this.tell = tell;
  }

  hold(time: number, chunk: Chunk, at: number, size: number, event: number): void {
    if (this.length === this.columns.capacity) this.grow();
    const { times, places, events } = this.columns;
    const i = this.length++;
    times[i] = time;
    places[i] = chunk.number * CHUNK_BYTES + at;
    events[i] = event;
    chunk.waiting++;
    if (time > this.newest) this.newest = time;
    if (time < this.told) this.late++;
    this.bytes += size + BYTES_BESIDE;
    if (this.bytes > this.mostBytes) this.flush(this.newest);
  }

  roundEnds(): void {
    if (this.bytes > LEAST_BYTES && this.newestOfLastRound > this.told) this.flush(this.newestOfLastRound);
    this.newestOfLastRound = this.newest;
  }

  /** Tells what whole rounds allow, however little it is. */
  tellRounds(): void {
    if (this.newestOfLastRound > this.told) this.flush(this.newestOfLastRound);
  }

  end(): void {
    this.flush(Number.POSITIVE_INFINITY);
  }

  /** Tells what is not newer than `limit`. */
  private flush(limit: number): void {
    const { length, pool, tell } = this;
    const { times, places, events } = this.columns;
    const order = this.order.of(times, length);
    this.told = limit;
    let i = 0;
    for (; i < length; i++) {
      const record = order[i]!;
      if (times[record]! > limit) break;
      const place = places[record]!;
      const at = place % CHUNK_BYTES;
      const chunk = pool.get((place - at) / CHUNK_BYTES);
      tell(chunk, at, events[record]!);
      if (--chunk.waiting === 0 && chunk.left) pool.give(chunk);
    }
    this.keep(order, i);
  }

  /** Leaves the records from one place in their order on. */
  private keep(order: Uint32Array, first: number): void {
    const { length, columns: from, spare: into } = this;
    for (let i = first; i < length; i++) {
      const record = order[i]!;
      into.times[i - first] = from.times[record]!;
      into.places[i - first] = from.places[record]!;
      into.events[i - first] = from.events[record]!;
    }
    // Records of one recording are alike in size
    this.bytes *= (length - first) / Math.max(1, length);
    this.length = length - first;
    this.columns = into;
    this.spare = from;
  }

  private grow(): void {
    const longer = new Columns(2 * this.length);
    longer.times.set(this.columns.times);
    longer.places.set(this.columns.places);
    longer.events.set(this.columns.events);
    this.columns = longer;
    this.spare = new Columns(longer.capacity);
  }
}

/** What is known of each held record. */
class Columns {
  readonly capacity: number;
  readonly times: Float64Array;
  /** Bytes from the start of the first chunk, as if all stood one behind the other. */
  readonly places: Float64Array;
  readonly events: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
    this.places = new Float64Array(capacity);
    this.events = new Int32Array(capacity);
  }
}
