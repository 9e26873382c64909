import type { RecordStream } from './record-stream.ts';

/** Bytes that nobody wants go here. */
const SCRATCH_BYTES = 64 * 1024;

/** Bytes that are kept as they come. */
class Kept {
  private buffer = new Uint8Array(SCRATCH_BYTES);
  private length = 0;

  room(): Uint8Array {
    if (this.length === this.buffer.length) {
      const longer = new Uint8Array(2 * this.length);
      longer.set(this.buffer);
      this.buffer = longer;
    }
    return this.buffer.subarray(this.length);
  }

  take(length: number): void {
    this.length += length;
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }
}

/** Deals the bytes of an input out: those before the records, the records, those behind them. */
export class Feed {
  /** Where the next byte stands. */
  position = 0;
  private readonly dataStart: number;
  private dataEnd: number;
  private readonly records: RecordStream;
  private readonly keep: boolean;
  private readonly begin: (head: Uint8Array) => void;
  private begun = false;
  private readonly scratch = new Uint8Array(SCRATCH_BYTES);
  private readonly head = new Kept();
  private readonly behind = new Kept();

  /**
   * @param dataEnd Infinity = records to the end
   * @param keep what is no record, for whoever cannot read it from a file
   * @param begin gets what stands before the records as soon as it is there, where it is kept
   */
  constructor(
    dataStart: number,
    dataEnd: number,
    records: RecordStream,
    keep: boolean,
    begin: (head: Uint8Array) => void = () => {},
  ) {
    this.dataStart = dataStart;
    this.dataEnd = dataEnd;
    this.records = records;
    this.keep = keep;
    this.begin = begin;
  }

  room(): Uint8Array {
    const { position, dataStart, dataEnd } = this;
    if (position < dataStart) return (this.keep ? this.head.room() : this.scratch).subarray(0, dataStart - position);
    if (position < dataEnd) return this.records.room().subarray(0, dataEnd - position);
    return this.keep ? this.behind.room() : this.scratch;
  }

  take(length: number): void {
    const { position } = this;
    this.position += length;
    if (position < this.dataStart) {
      if (this.keep) this.head.take(length);
      if (this.position === this.dataStart) this.start();
    } else if (position < this.dataEnd) {
      this.records.take(length);
    } else if (this.keep) {
      this.behind.take(length);
    }
  }

  /** Now that it is known. */
  endsAt(dataEnd: number): void {
    this.dataEnd = dataEnd;
  }

  /** All records are there. */
  get atEnd(): boolean {
    return this.position >= this.dataEnd;
  }

  end(): void {
    if (!this.begun) this.start();
  }

  /** What stands behind the records; empty where it is not kept. */
  get tail(): Uint8Array {
    return this.behind.bytes;
  }

  /** The input ends within the records. */
  get cut(): boolean {
    return (
      this.position < this.dataStart ||
      this.records.unfinished ||
      (this.position < this.dataEnd && this.dataEnd < Number.POSITIVE_INFINITY)
    );
  }

  private start(): void {
    this.begun = true;
    this.begin(this.head.bytes);
  }
}
