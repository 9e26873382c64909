import type { Thread } from '../profile/profile.ts';
import { eachField, type PprofId } from './pprof-messages.ts';
import type { PprofTables } from './pprof-tables.ts';
import { type LabelledThread, takeThreadLabel } from './pprof-threads.ts';
import { BYTES, broken, type Cursor, readBlock, readInt, readUint } from './protobuf-reader.ts';

export interface PprofSample {
  /** Leaf first; each is in the tables. */
  readonly locations: readonly PprofId[];
  /** One for each of the file's value types, in the file's order; not negative. */
  readonly values: readonly number[];
  readonly thread?: Thread;
}

/**
 * Reads one sample.
 * @param labels is given the names of labels that are not understood
 * @throws {FormatError} a location that does not exist, too few or too many values, a negative value
 */
export function readPprofSample(message: Cursor, tables: PprofTables, labels: Set<string>): PprofSample {
  const start = message.at;
  const locations: PprofId[] = [];
  const values: number[] = [];
  const thread: LabelledThread = { pid: -1, tid: -1, process: '', name: '' };
  let threaded = false;

  const location = (from: Cursor): void => {
    const at = from.at;
    const id = readUint(from);
    if (!tables.locations.has(id)) throw broken(from, at, `there is no location ${id}`);
    locations.push(id);
  };
  const value = (from: Cursor): void => {
    const at = from.at;
    const weight = readInt(from);
    if (weight < 0) {
      throw broken(
        from,
        at,
        `the value ${weight} is negative`,
        'a difference of two profiles cannot be read: read both',
      );
    }
    values.push(weight);
  };
  const packed = (read: (from: Cursor) => void): void => {
    const list = readBlock(message);
    while (list.at < list.end) read(list);
  };
  eachField(message, (tag) => {
    if (tag === 1 * 8) location(message);
    else if (tag === 1 * 8 + BYTES) packed(location);
    else if (tag === 2 * 8) value(message);
    else if (tag === 2 * 8 + BYTES) packed(value);
    else if (tag === 3 * 8 + BYTES) {
      const label = readLabel(readBlock(message), tables);
      if (takeThreadLabel(thread, label.key, label.value)) threaded = true;
      else labels.add(label.key);
    } else return false;
    return true;
  });
  if (values.length !== tables.valueTypes.length) {
    throw broken(message, start, `the sample has ${values.length} values for ${tables.valueTypes.length} sample types`);
  }
  return threaded ? { locations, values, thread } : { locations, values };
}

function readLabel(message: Cursor, { text }: PprofTables): { key: string; value: string | number } {
  let key = '';
  let word = '';
  let number: number | undefined;
  eachField(message, (tag) => {
    if (tag === 1 * 8) key = text(message);
    else if (tag === 2 * 8) word = text(message);
    else if (tag === 3 * 8) number = readInt(message);
    else return false;
    return true;
  });
  return { key, value: word === '' && number !== undefined ? number : word };
}
