import { FormatError, type Input } from '../format.ts';
import type { RecordedEvent } from './attributes.ts';
import { type Chunk, ChunkPool } from './chunk.ts';
import { CompressedRecords } from './compressed-records.ts';
import { Events } from './events.ts';
import { Facts } from './facts.ts';
import { readBuildId, readFeature } from './features.ts';
import { HeldRecords } from './held-records.ts';
import { Losses } from './losses.ts';
import { Processes } from './processes.ts';
import { RecordStream, type RecordTaker } from './record-stream.ts';
import * as TYPE from './record-types.ts';
import type { RecordingSink, ThreadSwitch } from './recording.ts';
import { SampleFields } from './sample-fields.ts';
import { applySideBand, isSideBand } from './side-band.ts';
import { isThreadSwitch, readThreadSwitch } from './thread-switch.ts';
import { textAt, unsigned64, wordsOf } from './words.ts';

/** Bytes of records that wait for the end of a round: perf's buffers are smaller on all but the largest machines. */
const MOST_HELD = 256 * 1024 * 1024;

/** Said of places in what compressed records hold. */
const INFLATED = ' of the compressed records';

/** `PERF_EVENT_UPDATE__NAME` of a record of the kind EVENT_UPDATE. */
const UPDATES_NAME = 2;

/** Takes records in the order of the file, does what they say, and gives samples in the order of time. */
export class RecordReader implements RecordTaker {
  readonly events: Events;
  readonly facts: Facts;
  readonly losses = new Losses();
  readonly records: RecordStream;
  /** How many samples were given. */
  samples = 0;
  private readonly input: Input;
  private readonly sink: RecordingSink;
  private readonly little: boolean;
  private readonly pool = new ChunkPool();
  private readonly held: HeldRecords;
  private readonly processes: Processes;
  private readonly fields: SampleFields;
  private readonly change: ThreadSwitch = { kind: 'in', pid: -1, tid: -1, time: 0, comm: '' };
  private compressed: CompressedRecords | undefined;
  /** What the compressed records hold. */
  private inner: RecordStream | undefined;
  /** The rest of them is broken. */
  private unreadable = false;
  private announced = false;
  private baseHigh = 0;
  private baseLow = 0;
  private hasBase = false;

  /** @param start where in the input the records begin */
  constructor(input: Input, start: number, little: boolean, sink: RecordingSink) {
    this.input = input;
    this.sink = sink;
    this.little = little;
    this.events = new Events(little);
    this.facts = new Facts(little, this.events);
    this.processes = new Processes(this.facts.buildIds);
    this.fields = new SampleFields(little);
    this.held = new HeldRecords(this.pool, MOST_HELD, (chunk, at, event) => {
      this.tell(chunk, at, event);
    });
    this.records = new RecordStream(start, false, little, this.pool, this);
  }

  record(chunk: Chunk, at: number, size: number): number {
    const { view, bytes } = chunk;
    const { little, events, losses } = this;
    const end = at + size;
    const type = view.getUint32(at, little);
    switch (type) {
      case TYPE.SAMPLE: {
        const event = events.ofSample(view, at, size);
        const layout = events.list[event];
        if (layout === undefined) losses.ofNoEvent++;
        else this.inTime(chunk, at, size, event, layout.ordered ? at + layout.timeAt : -1);
        return 0;
      }
      case TYPE.EXIT:
      case TYPE.SWITCH:
      case TYPE.SWITCH_CPU_WIDE:
        if (events.switches && this.sink.switched !== undefined) this.otherInTime(chunk, at, size);
        return 0;
      case TYPE.MMAP:
      case TYPE.MMAP2:
      case TYPE.COMM:
      case TYPE.FORK:
      case TYPE.KSYMBOL:
        this.otherInTime(chunk, at, size);
        return 0;
      case TYPE.LOST:
        if (size >= 24) losses.lost += unsigned64(view, at + 16, little);
        return 0;
      case TYPE.LOST_SAMPLES:
        if (size >= 16) losses.lostSamples += unsigned64(view, at + 8, little);
        return 0;
      case TYPE.THROTTLE:
        losses.throttled++;
        return 0;
      case TYPE.AUX:
        if (size >= 24) losses.traceBytes += unsigned64(view, at + 16, little);
        return 0;
      case TYPE.FINISHED_ROUND:
        this.held.roundEnds();
        return 0;
      case TYPE.HEADER_ATTR:
        if (!events.addRecord(chunk, at + 8, end)) losses.isBroken(placeOf(chunk, at));
        return 0;
      case TYPE.HEADER_FEATURE: {
        if (size < 16) losses.isBroken(placeOf(chunk, at));
        else readFeature(unsigned64(view, at + 8, little), wordsOf(bytes.subarray(at + 16, end)), this.facts, events);
        return 0;
      }
      case TYPE.HEADER_BUILD_ID:
        if (!readBuildId(chunk, at, end, this.facts)) losses.isBroken(placeOf(chunk, at));
        return 0;
      case TYPE.EVENT_UPDATE:
        if (size > 24 && unsigned64(view, at + 8, little) === UPDATES_NAME) {
          events.renameById(unsigned64(view, at + 16, little), textAt(bytes, at + 24, end));
        }
        return 0;
      case TYPE.TRACING_DATA:
        return size < 12 ? 0 : 8 * Math.ceil(view.getUint32(at + 8, little) / 8);
      case TYPE.AUXTRACE:
        return size < 16 ? 0 : unsigned64(view, at + 8, little);
      case TYPE.COMPRESSED:
        this.inflate(chunk, at, at + 8, end - at - 8);
        return 0;
      case TYPE.COMPRESSED2:
        // It is filled up to whole words
        this.inflate(chunk, at, at + 16, size < 16 ? -1 : unsigned64(view, at + 8, little));
        return 0;
      default:
        if (!TYPE.isKnownRecord(type)) losses.isUnknown(type);
        return 0;
    }
  }

  /** perf has written all of its buffers: the samples of whole rounds need not wait for more. */
  flushed(): void {
    this.held.tellRounds();
  }

  /** Nothing more comes. */
  end(): void {
    const { records, inner, losses } = this;
    this.held.end();
    this.announce();
    losses.countedTwice = this.events.list.some(({ countsLost }) => countsLost);
    if (records.brokenAt !== undefined) losses.add(`what follows byte ${records.brokenAt} is broken and left out`);
    if (inner?.brokenAt !== undefined)
      losses.add(`what follows byte ${inner.brokenAt}${INFLATED} is broken and left out`);
    else if (inner?.unfinished) losses.add('the last compressed record is not whole: left out');
    if (this.fields.deferred > 0) {
      losses.add(`call chains without their user part, which perf wrote apart: ${this.fields.deferred}`);
    }
    if (this.held.late > 0) {
      losses.add(
        `records that came too late for the order of time: ${this.held.late}; some names may be older or newer`,
      );
    }
  }

  /** A record that is no sample. */
  private otherInTime(chunk: Chunk, at: number, size: number): void {
    const { events } = this;
    const event = events.ofOther(chunk.view, at + size, size);
    const layout = events.list[event];
    this.inTime(chunk, at, size, event, layout?.ordered ? at + size - layout.timeBeforeEnd : -1);
  }

  /** @param timeAt of its time in the chunk; -1 = it has none, so it stands where it should */
  private inTime(chunk: Chunk, at: number, size: number, event: number, timeAt: number): void {
    const { view } = chunk;
    const { little } = this;
    if (timeAt >= at + 8 && timeAt + 8 <= at + size) {
      const high = view.getUint32(little ? timeAt + 4 : timeAt, little);
      const low = view.getUint32(little ? timeAt : timeAt + 4, little);
      // 0 and all ones: perf made it up before it began
      if ((high | low) !== 0 && (high & low) !== -1) {
        if (!this.hasBase) {
          this.hasBase = true;
          this.baseHigh = high;
          this.baseLow = low;
        }
        // Nanoseconds since 1970 are no exact doubles: those since the first record are
        const time = (high - this.baseHigh) * 0x1_0000_0000 + (low - this.baseLow);
        this.held.hold(time, chunk, at, size, event);
        return;
      }
    }
    this.tell(chunk, at, event);
  }

  /** Everything earlier has been told. */
  private tell(chunk: Chunk, at: number, event: number): void {
    const { view } = chunk;
    const { little, fields, processes, losses } = this;
    const size = view.getUint16(at + 6, little);
    const end = at + size;
    const layout = this.events.list[event];
    const type = view.getUint32(at, little);
    if (this.events.switches && isThreadSwitch(type) && layout !== undefined) this.tellSwitch(chunk, at, end, layout);
    if (isSideBand(type)) {
      const timed = layout?.ordered && layout.timeBeforeEnd + 8 <= size;
      const time = timed ? unsigned64(view, end - layout.timeBeforeEnd, little) : 0;
      if (!applySideBand(processes, chunk, at, end, time, little)) losses.isBroken(placeOf(chunk, at));
      return;
    }
    if (type !== TYPE.SAMPLE) return;
    if (!fields.read(event, layout!, chunk, at, end)) {
      losses.isBroken(placeOf(chunk, at));
      return;
    }
    this.announce();
    fields.space = processes.space(fields.pid);
    fields.comm = processes.name(fields.tid);
    if (fields.counters.count === 0) this.give();
    else this.giveByCounters();
  }

  private give(): void {
    this.samples++;
    this.sink.sample(this.fields);
  }

  /** One sample for each event whose counter has grown, as perf does. */
  private giveByCounters(): void {
    const { fields, events, losses } = this;
    const { counters } = fields;
    for (let i = 0; i < counters.count; i++) {
      const event = events.withId(counters.ids[i]!);
      const growth = counters.growth(i);
      if (event < 0) losses.ofNoEvent++;
      if (event < 0 || growth === 0) continue;
      fields.event = event;
      fields.period = growth;
      this.give();
    }
  }

  private tellSwitch(chunk: Chunk, at: number, end: number, layout: RecordedEvent): void {
    const { change, sink } = this;
    if (!readThreadSwitch(change, chunk, at, end, layout, this.little)) return;
    this.announce();
    change.comm = this.processes.name(change.tid);
    sink.switched?.(change);
  }

  private announce(): void {
    if (this.announced) return;
    this.announced = true;
    const confusion = this.events.confusion();
    if (confusion !== undefined) throw new FormatError(this.input, '', confusion);
    this.sink.info(this.facts);
  }

  /** @param from where the compressed bytes of a record begin */
  private inflate(chunk: Chunk, at: number, from: number, length: number): void {
    if (this.unreadable || this.inner?.brokenAt !== undefined) return;
    const end = at + chunk.view.getUint16(at + 6, this.little);
    let wrong: string | undefined = 'a compressed record is broken';
    if (!chunk.inflated && length >= 0 && length <= end - from) {
      if (this.compressed === undefined) {
        const inner = new RecordStream(0, true, this.little, this.pool, this);
        this.inner = inner;
        this.compressed = new CompressedRecords(this.input, (bytes) => inner.push(bytes));
      }
      wrong = this.compressed.add(chunk.bytes.subarray(from, from + length), chunk.start + at);
    }
    if (wrong === undefined) return;
    this.unreadable = true;
    this.losses.add(`${wrong} at ${placeOf(chunk, at)}: the compressed records from there on are left out`);
  }
}

/** Where a record stands, for messages. */
function placeOf(chunk: Chunk, at: number): string {
  return `byte ${chunk.start + at}${chunk.inflated ? INFLATED : ''}`;
}
