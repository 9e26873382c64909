import { eventNameOf } from './event-names.ts';
import type { PerfEvent } from './recording.ts';
import { unsigned64, type Words } from './words.ts';

/** Which fields a sample has, in their order in it (`PERF_SAMPLE_*`); those after the stack are never needed. */
export const FIELD = {
  ip: 1 << 0,
  tid: 1 << 1,
  time: 1 << 2,
  addr: 1 << 3,
  read: 1 << 4,
  callchain: 1 << 5,
  id: 1 << 6,
  cpu: 1 << 7,
  period: 1 << 8,
  streamId: 1 << 9,
  raw: 1 << 10,
  branchStack: 1 << 11,
  regsUser: 1 << 12,
  stackUser: 1 << 13,
  identifier: 1 << 16,
} as const;

/** The size of `struct perf_event_attr` in its first version. */
export const SMALLEST_ATTRIBUTE = 64;

/** Bits of the attribute's flags. */
const FREQUENCY = 10;
const EXCLUDES_USER = 4;
const EXCLUDES_KERNEL = 5;
const PRECISE = 15;
const SAMPLE_ID_ALL = 18;
const USES_CLOCK_ID = 25;
const CONTEXT_SWITCH = 26;

/** `PERF_FORMAT_LOST` of `read_format`. */
const READ_LOST = 16;

/** `PERF_SAMPLE_BRANCH_HW_INDEX`: a word before the branches. */
const BRANCH_INDEX = 1 << 17;
/** `PERF_SAMPLE_BRANCH_COUNTERS`: a word for each branch, behind all of them. */
const BRANCH_COUNTERS = 1 << 19;

/** One event of a recording, by its `struct perf_event_attr`: how its records are laid out. */
export class RecordedEvent implements PerfEvent {
  name: string;
  readonly frequency: boolean;
  readonly period: number;
  readonly callchain: boolean;
  readonly stackUser: boolean;
  readonly branchStack: boolean;
  readonly switches: boolean;
  readonly fields: number;
  readonly readFormat: number;
  /** It counts the samples that were dropped. */
  readonly countsLost: boolean;
  readonly branchIndex: boolean;
  readonly branchCounters: boolean;
  readonly regsMask: [number, number];
  /** Other records than samples end in a part of a sample's fields. */
  readonly idAll: boolean;
  /** Records of all kinds have a time, so that they can be put in its order; perf too takes others as they stand. */
  readonly ordered: boolean;
  readonly clockId: number | undefined;
  /** Places of the fields from the start of a sample; -1 = there is none. */
  readonly idAt: number;
  readonly timeAt: number;
  /** Places of the fields before the end of other records; 0 = there is none. */
  readonly idBeforeEnd: number;
  readonly timeBeforeEnd: number;
  readonly tidBeforeEnd: number;

  /** @param size of the attribute in the file: later versions are longer, fields that are missing are 0 */
  constructor({ view }: Words, at: number, size: number, little: boolean) {
    const word = (place: number): number => (place + 8 <= size ? unsigned64(view, at + place, little) : 0);
    const half = (place: number): number => (place + 4 <= size ? view.getUint32(at + place, little) : 0);
    const lowHalf = (place: number): number => half(little ? place : place + 4);
    const highHalf = (place: number): number => half(little ? place + 4 : place);
    // Bit fields start at the other end where bytes do
    const flag = (bit: number): boolean => {
      const place = little ? bit : 63 - bit;
      return ((place < 32 ? lowHalf(40) >>> place : highHalf(40) >>> (place - 32)) & 1) === 1;
    };
    const fields = lowHalf(24);
    this.fields = fields;
    this.frequency = flag(FREQUENCY);
    this.period = this.frequency ? 1 : word(16);
    this.callchain = (fields & FIELD.callchain) !== 0;
    this.stackUser = (fields & FIELD.stackUser) !== 0;
    this.branchStack = (fields & FIELD.branchStack) !== 0;
    this.switches = flag(CONTEXT_SWITCH);
    this.readFormat = lowHalf(32);
    this.countsLost = (this.readFormat & READ_LOST) !== 0;
    this.branchIndex = (lowHalf(72) & BRANCH_INDEX) !== 0;
    this.branchCounters = (lowHalf(72) & BRANCH_COUNTERS) !== 0;
    this.regsMask = [lowHalf(80), highHalf(80)];
    this.idAll = flag(SAMPLE_ID_ALL);
    this.clockId = flag(USES_CLOCK_ID) ? half(92) | 0 : undefined;
    this.name = eventNameOf({
      type: half(0),
      config: word(8),
      excludesUser: flag(EXCLUDES_USER),
      excludesKernel: flag(EXCLUDES_KERNEL),
      precise: Number(flag(PRECISE)) + 2 * Number(flag(PRECISE + 1)),
    });
    const words = (...names: (keyof typeof FIELD)[]): number =>
      8 * names.filter((name) => (fields & FIELD[name]) !== 0).length;
    this.ordered = this.idAll && (fields & FIELD.time) !== 0;
    this.timeAt = (fields & FIELD.time) === 0 ? -1 : 8 + words('identifier', 'ip', 'tid');
    this.idAt = -1;
    if ((fields & FIELD.id) !== 0) this.idAt = 8 + words('identifier', 'ip', 'tid', 'time', 'addr');
    if ((fields & FIELD.identifier) !== 0) this.idAt = 8;
    this.tidBeforeEnd = (fields & FIELD.tid) === 0 ? 0 : 8 + words('time', 'id', 'streamId', 'cpu', 'identifier');
    this.timeBeforeEnd = (fields & FIELD.time) === 0 ? 0 : 8 + words('id', 'streamId', 'cpu', 'identifier');
    this.idBeforeEnd = (fields & FIELD.id) === 0 ? 0 : 8 + words('streamId', 'cpu', 'identifier');
    if ((fields & FIELD.identifier) !== 0) this.idBeforeEnd = 8;
  }
}
