import { unsigned64 } from './words.ts';

/** Bits of `read_format`. */
const ENABLED = 1;
const RUNNING = 2;
const ID = 4;
const GROUP = 8;
const LOST = 16;

/** What a record of 64 KiB can hold. */
const MOST_VALUES = 8192;

const bit = (bits: number, one: number): number => ((bits & one) === 0 ? 0 : 1);

/**
 * The counters that a sample carries (`perf record -e '{a,b}:S'`): one sample then stands for all events of its group,
 * and the weight of each is what its counter has grown by.
 */
export class CounterValues {
  /** How many the last sample had. */
  count = 0;
  readonly ids = new Float64Array(MOST_VALUES);
  private readonly values = new Float64Array(MOST_VALUES);
  private readonly before = new Map<number, number>();
  private readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  /**
   * @param at where the field begins
   * @returns where it ends; -1 = beyond `end`
   */
  read(view: DataView, at: number, end: number, format: number): number {
    const { little, ids, values } = this;
    const times = 8 * (bit(format, ENABLED) + bit(format, RUNNING));
    const valueBytes = 8 * (1 + bit(format, ID) + bit(format, LOST));
    this.count = 0;
    if (at + 8 > end) return -1;
    const group = (format & GROUP) !== 0;
    const count = group ? unsigned64(view, at, little) : 1;
    const stop = at + (group ? 8 : 0) + times + count * valueBytes;
    if (stop > end) return -1;
    // Values without an id are those of nobody
    if ((format & ID) === 0) return stop;
    this.count = count;
    for (let i = 0; i < count; i++) {
      // The times of a group stand before its values, those of one event between its value and its id
      const place = group ? at + 8 + times + i * valueBytes : at;
      values[i] = unsigned64(view, place, little);
      ids[i] = unsigned64(view, place + 8 + (group ? 0 : times), little);
    }
    return stop;
  }

  /** By how much the i-th counter has grown since it was asked for last. */
  growth(i: number): number {
    const id = this.ids[i]!;
    const value = this.values[i]!;
    const growth = value - (this.before.get(id) ?? 0);
    this.before.set(id, value);
    return growth;
  }
}
