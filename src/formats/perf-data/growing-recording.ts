import { closeSync, openSync, readSync } from 'node:fs';
import type { Input, Notes } from '../format.ts';
import { inputOf } from '../input.ts';
import { readFeatures } from './features.ts';
import { Feed } from './feed.ts';
import { type FileHeader, readEvents, readHeader } from './header.ts';
import { RecordReader } from './record-reader.ts';
import { dataEnd, type RecordingSink, sayLosses } from './recording.ts';
import { withFileRegion } from './region.ts';

/** The header of a file. */
const HEAD_BYTES = 104;

/** A file that `perf record` is writing, read as it grows: {@link readRecording} bit by bit. */
export class GrowingRecording {
  private readonly path: string;
  private readonly file: number;
  private readonly input: Input;
  private readonly reader: RecordReader;
  private readonly feed: Feed;

  /**
   * @throws {FormatError} it is none
   * @throws {Error} it cannot be read
   */
  constructor(path: string, sink: RecordingSink) {
    this.path = path;
    this.file = openSync(path, 'r');
    try {
      this.input = this.head();
      const { file, little, start } = readHeader(this.input);
      this.reader = new RecordReader(this.input, start, little, sink);
      if (file === undefined) throw new Error('it was written to a pipe');
      withFileRegion(path, (region) => readEvents(this.input, file, little, region, this.reader.events));
      this.feed = new Feed(start, Number.POSITIVE_INFINITY, this.reader.records, false);
    } catch (error) {
      closeSync(this.file);
      throw error;
    }
  }

  /**
   * Gives the samples of a piece of what was written since the last call.
   * @param end of the piece, at most
   * @returns false where there is nothing more
   */
  more(end: number): boolean {
    const { feed, position } = this;
    if (end <= position) return false;
    const room = feed.room();
    const length = readSync(this.file, room, 0, Math.min(room.length, end - position), position);
    if (length > 0) feed.take(length);
    return length > 0;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.feed.position;
  }

  /** To be called when `more` has given all: perf has written all of its buffers. */
  flushed(): void {
    this.reader.flushed();
  }

  /** perf has ended: reads the rest, and what it wrote behind it. */
  finish(notes: Notes): void {
    try {
      const file = readHeader(this.head()).file!;
      this.feed.endsAt(dataEnd(file));
      while (!this.feed.atEnd && this.more(Number.POSITIVE_INFINITY));
      this.features(file);
      this.feed.end();
      sayLosses(this.reader, this.feed, file, notes);
    } finally {
      this.close();
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private features(file: FileHeader): void {
    if (file.data.size === 0) return;
    withFileRegion(this.path, (region) => readFeatures(file.features, dataEnd(file), region, this.reader));
  }

  private head(): Input {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return inputOf(bytes.subarray(0, readSync(this.file, bytes, 0, HEAD_BYTES, 0)), this.path);
  }
}
