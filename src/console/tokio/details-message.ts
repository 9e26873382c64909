import type { DurationHistogram } from '../snapshot.ts';
import { readHdrHistogram, withOutliers } from './hdr-histogram.ts';
import { InstrumentReader } from './instrument-reader.ts';
import { BYTES, MessageReader, VARINT } from './message-reader.ts';

/** A `TaskDetails` of console-api (proto/tasks.proto). */
export interface TaskDetails {
  task: string;
  pollTimes: DurationHistogram | undefined;
  scheduledTimes: DurationHistogram | undefined;
}

/** @throws {ProtocolError} it is no such message */
export function readTaskDetails(bytes: Buffer): TaskDetails {
  const details: TaskDetails = { task: '0', pollTimes: undefined, scheduledTimes: undefined };
  const reader = new InstrumentReader(bytes, 0);
  while (reader.next()) {
    if (reader.tag === 1 * 8 + BYTES) details.task = reader.id();
    else if (reader.tag === 3 * 8 + BYTES) details.pollTimes = readHdrHistogram(reader.block());
    else if (reader.tag === 4 * 8 + BYTES) details.pollTimes = readHistogram(reader);
    else if (reader.tag === 5 * 8 + BYTES) details.scheduledTimes = readHistogram(reader);
    else reader.skip();
  }
  return details;
}

/** A `DurationHistogram`: values beyond its largest stand in it as the largest, and are counted apart. */
function readHistogram(reader: InstrumentReader): DurationHistogram | undefined {
  let raw: Buffer | undefined;
  let outliers = 0;
  let highest = 0;
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) raw = reader.block();
    else if (reader.tag === 3 * 8 + VARINT) outliers = reader.uint();
    else if (reader.tag === 4 * 8 + VARINT) highest = reader.uint();
    else reader.skip();
  }
  return raw === undefined ? undefined : withOutliers(readHdrHistogram(raw), outliers, highest);
}

/** A `State` (proto/instrument.proto): whether the program's subscriber is paused, by whomever. @throws {ProtocolError} */
export function readIsPaused(bytes: Buffer): boolean {
  let temporality = 0;
  const reader = new MessageReader(bytes);
  while (reader.next()) {
    if (reader.tag === 1 * 8 + VARINT) temporality = reader.uint();
    else reader.skip();
  }
  return temporality === 1;
}

/** A `TaskDetailsRequest { id: Id { id } }`. @param task decimal digits of an unsigned 64 bit number */
export function taskDetailsRequest(task: string): Buffer {
  const id = [1 * 8 + VARINT];
  let rest = BigInt.asUintN(64, BigInt(task));
  for (; rest > 0x7fn; rest >>= 7n) id.push(Number(rest & 0x7fn) | 0x80);
  id.push(Number(rest));
  return Buffer.from([1 * 8 + BYTES, id.length, ...id]);
}
