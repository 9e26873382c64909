import { BYTES, MessageReader, VARINT } from './message-reader.ts';

/** A time that has not come: before all others. */
export const NEVER = Number.NEGATIVE_INFINITY;

/** A `Field`: its name, or the name's index in the metadata it belongs to. */
export interface FieldMessage {
  name: string | number;
  value: string;
  /** Id of the metadata. */
  metadata: string;
  /** Of attributes: `ms`. */
  unit: string;
}

export interface LocationMessage {
  file: string;
  module: string;
  line: number;
  column: number;
}

/** What a span or event is, once for all that come from one place in the program. */
export interface MetadataMessage {
  target: string;
  fieldNames: string[];
  /** Where in the program, or a library, it is defined. */
  file: string;
}

/** When something began and ended; `droppedAt` is {@link NEVER} while it lives. */
export interface Lifetime {
  createdAt: number;
  droppedAt: number;
}

export interface PollStats {
  polls: number;
  lastPollStarted: number;
  lastPollEnded: number;
  /** Of polls that have ended. */
  busy: number;
}

/**
 * Reads what the messages of console-api (proto/common.proto) are made of. Times are nanoseconds since `epoch`, durations
 * nanoseconds: exact for 104 days around it, where times since 1970 would be 256 ns apart.
 */
export class InstrumentReader extends MessageReader {
  private readonly epoch: number;

  /** @param epoch seconds since 1970 */
  constructor(bytes: Buffer, epoch: number) {
    super(bytes);
    this.epoch = epoch;
  }

  /** A `google.protobuf.Timestamp`. */
  time(): number {
    const { seconds, nanos } = this.secondsAndNanos();
    return (seconds - this.epoch) * 1e9 + nanos;
  }

  /** A `google.protobuf.Duration`. */
  duration(): number {
    const { seconds, nanos } = this.secondsAndNanos();
    return seconds * 1e9 + nanos;
  }

  /** An `Id`, `MetaId` or `SpanId`. */
  id(): string {
    let id = '0';
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + VARINT) id = this.uintText();
      else this.skip();
    }
    return id;
  }

  field(): FieldMessage {
    const field: FieldMessage = { name: '', value: '', metadata: '', unit: '' };
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + BYTES) field.name = this.text();
      else if (this.tag === 2 * 8 + VARINT) field.name = this.uint();
      else if (this.tag === 3 * 8 + BYTES || this.tag === 4 * 8 + BYTES) field.value = this.text();
      else if (this.tag === 5 * 8 + VARINT) field.value = this.uintText();
      else if (this.tag === 6 * 8 + VARINT) field.value = this.sintText();
      else if (this.tag === 7 * 8 + VARINT) field.value = String(this.bool());
      else if (this.tag === 8 * 8 + BYTES) field.metadata = this.id();
      else this.skip();
    }
    return field;
  }

  attribute(): FieldMessage {
    let field: FieldMessage = { name: '', value: '', metadata: '', unit: '' };
    let unit = '';
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + BYTES) field = this.field();
      else if (this.tag === 2 * 8 + BYTES) unit = this.text();
      else this.skip();
    }
    field.unit = unit;
    return field;
  }

  location(): LocationMessage {
    const location: LocationMessage = { file: '', module: '', line: 0, column: 0 };
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + BYTES) location.file = this.text();
      else if (this.tag === 2 * 8 + BYTES) location.module = this.text();
      else if (this.tag === 3 * 8 + VARINT) location.line = this.uint();
      else if (this.tag === 4 * 8 + VARINT) location.column = this.uint();
      else this.skip();
    }
    return location;
  }

  metadata(): MetadataMessage {
    const metadata: MetadataMessage = { target: '', fieldNames: [], file: '' };
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 2 * 8 + BYTES) metadata.target = this.text();
      else if (this.tag === 4 * 8 + BYTES) metadata.file = this.location().file;
      else if (this.tag === 7 * 8 + BYTES) metadata.fieldNames.push(this.text());
      else this.skip();
    }
    return metadata;
  }

  pollStats(into: PollStats): void {
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + VARINT) into.polls = this.uint();
      else if (this.tag === 4 * 8 + BYTES) into.lastPollStarted = this.time();
      else if (this.tag === 5 * 8 + BYTES) into.lastPollEnded = this.time();
      else if (this.tag === 6 * 8 + BYTES) into.busy = this.duration();
      else this.skip();
    }
  }

  private secondsAndNanos(): { seconds: number; nanos: number } {
    let seconds = 0;
    let nanos = 0;
    const outer = this.enter();
    while (this.next(outer)) {
      if (this.tag === 1 * 8 + VARINT) seconds = this.int();
      else if (this.tag === 2 * 8 + VARINT) nanos = this.int();
      else this.skip();
    }
    return { seconds, nanos };
  }
}
