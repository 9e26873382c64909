import type { Input, Notes } from '../format.ts';
import { contiguousBytes } from '../input/contiguous-bytes.ts';
import { inputOf } from '../input.ts';
import { readFeatures } from './features.ts';
import { Feed } from './feed.ts';
import { type FileHeader, type Header, readEvents, readHeader } from './header.ts';
import { RecordReader } from './record-reader.ts';
import { memoryRegion, type Region, withFileRegion } from './region.ts';

/** What was sampled. */
export interface PerfEvent {
  /** As perf names it, with modifiers: `cycles:u`. */
  readonly name: string;
  /** It was sampled at a frequency: weights are periods. */
  readonly frequency: boolean;
  /** Of each sample, where samples do not say; 1 where `frequency`. */
  readonly period: number;
  readonly callchain: boolean;
  readonly stackUser: boolean;
  readonly branchStack: boolean;
  /** Threads tell when they leave the CPU and come back (`--switch-events`). */
  readonly switches: boolean;
}

/**
 * A part of a file in memory. Addresses of the upper half of 64 bits (the kernel's) are negative: `(high - 2^32) * 2^32 +
 * low`, which is exact.
 */
export interface PerfMapping {
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
  /** Of `start` in the file; for `[kernel.kallsyms]` the address of the symbol that it is placed by. */
  readonly offset: number;
  /** `[kernel.kallsyms]`, `[vdso]`, `//anon` and the like where it is no file; the symbol itself for code that the kernel made. */
  readonly path: string;
  /** Lower-case hexadecimal, '' = unknown; those that perf writes last are known when the recording has been read. */
  readonly buildId: string;
  readonly executable: boolean;
  /** Since when, in nanoseconds of the recording's clock; 0 = before perf looked. */
  readonly time: number;
}

/** Words of 8 bytes, the lowest byte first. */
export interface RawChain {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where it begins. */
  readonly at: number;
  readonly count: number;
}

/** One sample: the same object for every one, valid until the next. */
export interface PerfSample {
  /** Index into `PerfInfo.events`. */
  event: number;
  /** -1 = unknown. */
  pid: number;
  tid: number;
  /** Nanoseconds of the recording's clock; 0 = unknown. */
  time: number;
  /** -1 = unknown. */
  cpu: number;
  period: number;
  ip: number;
  kernelIp: boolean;
  /** Addresses, leaf first, without markers of context. */
  readonly chain: Float64Array;
  readonly chainLength: number;
  /** 1 = the address is the kernel's. */
  readonly chainKernel: Uint8Array;
  /** The same as it stands in the record; undefined where that is not in this order of bytes. */
  readonly rawChain: RawChain | undefined;
  /** Pairs of from and to, newest first. */
  branches: Float64Array;
  branchCount: number;
  /** A register of the user's code, by the bits of `regsMask` (low and high half), lowest first; NaN = there is none. */
  register(index: number): number;
  /** 0 = none, 1 = of 32 bits, 2 = of 64 bits (`PERF_SAMPLE_REGS_ABI_*`). */
  regsAbi: number;
  regsMask: [number, number];
  /** The bytes from the user's stack pointer on, as many as were copied; undefined = none. */
  stack: Uint8Array | undefined;
  /** The mappings of its process as they were at its time. */
  space: AddressSpace;
  /** Of the thread at that time; `:TID` where nobody named it. */
  comm: string;
}

/** The mappings of one process at one time, the kernel's included. Never changed: another state is another object. */
export interface AddressSpace {
  readonly pid: number;
  find(address: number): PerfMapping | undefined;
  /** All, by start. */
  readonly mappings: readonly PerfMapping[];
}

/**
 * What the recording says of itself; '' and 0 = it does not say. Complete when the recording has been read: in a stream
 * of bytes some of it comes last.
 */
export interface PerfInfo {
  readonly host: string;
  readonly cmdline: readonly string[];
  readonly perfVersion: string;
  readonly osRelease: string;
  /** As `uname -m` says: `x86_64`, `aarch64`. */
  readonly arch: string;
  /** Processors that were on. */
  readonly cpus: number;
  readonly littleEndian: boolean;
  readonly pointerSize: 4 | 8;
  /** Lower-case hexadecimal, by path. */
  readonly buildIds: ReadonlyMap<string, string>;
  /** `CLOCK_*` of clock_gettime(2); undefined = perf's own clock. */
  readonly clockId: number | undefined;
  /** The times of the first and the last sample, in nanoseconds. */
  readonly sampleTime?: { readonly first: number; readonly last: number };
  /** One moment on the recording's clock and as nanoseconds since 1970. */
  readonly clockData?: { readonly clockId: number; readonly wall: number; readonly clock: number };
  readonly events: readonly PerfEvent[];
}

/** What a thread went through: the same object for every one, valid until the next. */
export interface ThreadSwitch {
  /** `preempted`: it left the CPU and could have gone on. */
  kind: 'born' | 'in' | 'out' | 'preempted' | 'exit';
  pid: number;
  tid: number;
  /** Nanoseconds of the recording's clock. */
  time: number;
  /** Of the thread at that time. */
  comm: string;
}

export interface RecordingSink {
  /** Called once, before the first sample. */
  info(info: PerfInfo): void;
  sample(sample: PerfSample): void;
  /** Given in order with the samples; only where an event's `switches` says so. */
  switched?(change: ThreadSwitch): void;
}

/**
 * Reads a recording of `perf record`: a file or what was written to a pipe (`-o -`), of either byte order, compressed
 * (`-z`) or not. Samples are given by time within what perf's buffers held, with the names and mappings of their time.
 * What was lost, cut off or not understood is said in notes. The format is Linux's
 * tools/perf/Documentation/perf.data-file-format.txt and include/uapi/linux/perf_event.h.
 * @throws {FormatError} it is no recording, or broken where nothing can be told of what follows
 * @throws {UserError} the input cannot be read
 */
export async function readRecording(input: Input, notes: Notes, sink: RecordingSink): Promise<void> {
  const header = readHeader(input);
  const { file } = header;
  if (input.path === undefined && file !== undefined && file.attributes.offset >= file.data.offset) {
    // What describes the records stands behind them: only where all bytes are at hand it can be read first
    const bytes = await contiguousBytes(input);
    const again = inputOf(bytes, input.name);
    return readWhole(again, header, file, notes, sink, (use) => use(memoryRegion(bytes)));
  }
  if (file === undefined) return readPipe(input, header, notes, sink);
  const { path } = input;
  if (path === undefined) return readStream(input, header, file, notes, sink);
  return readWhole(input, header, file, notes, sink, (use) => withFileRegion(path, use));
}

/** A file whose parts can be read in any order. */
async function readWhole(
  input: Input,
  { little, start }: Header,
  file: FileHeader,
  notes: Notes,
  sink: RecordingSink,
  withRegion: (use: (region: Region) => void) => void,
): Promise<void> {
  const reader = new RecordReader(input, start, little, sink);
  withRegion((region) => {
    readEvents(input, file, little, region, reader.events);
    if (file.data.size > 0) readFeatures(file.features, dataEnd(file), region, reader);
  });
  const feed = new Feed(start, dataEnd(file), reader.records, false);
  await deal(input, feed);
  sayLosses(reader, feed, file, notes);
}

/** A file that is read from its start to its end, once. */
async function readStream(
  input: Input,
  { little, start }: Header,
  file: FileHeader,
  notes: Notes,
  sink: RecordingSink,
): Promise<void> {
  const reader = new RecordReader(input, start, little, sink);
  const describe = (head: Uint8Array): void => readEvents(input, file, little, memoryRegion(head), reader.events);
  const feed = new Feed(start, dataEnd(file), reader.records, true, describe);
  await deal(input, feed);
  if (file.data.size > 0) readFeatures(file.features, dataEnd(file), memoryRegion(feed.tail, dataEnd(file)), reader);
  sayLosses(reader, feed, file, notes);
}

/** What was written to a pipe: records only. */
async function readPipe(input: Input, { little, start }: Header, notes: Notes, sink: RecordingSink): Promise<void> {
  const reader = new RecordReader(input, start, little, sink);
  const feed = new Feed(start, Number.POSITIVE_INFINITY, reader.records, false);
  await deal(input, feed);
  sayLosses(reader, feed, undefined, notes);
}

/** Where the records end; Infinity = perf has not said it. */
export function dataEnd({ data }: FileHeader): number {
  return data.size === 0 ? Number.POSITIVE_INFINITY : data.offset + data.size;
}

/** Not ahead: of copied stacks, which are nearly all of a large recording, most is never looked at, and would be copied twice. */
async function deal(input: Input, feed: Feed): Promise<void> {
  await input.readInto(
    () => feed.room(),
    (length) => feed.take(length),
    false,
  );
  feed.end();
}

/** Gives what waits, and says what is missing. */
export function sayLosses(reader: RecordReader, feed: Feed, file: FileHeader | undefined, notes: Notes): void {
  reader.end();
  const { losses } = reader;
  if (file?.data.size === 0) losses.add('perf was ended before it could finish its file: read to its end');
  if (feed.cut) losses.add(`the file is cut off at byte ${feed.position}: the rest of the recording is missing`);
  losses.tell(notes, reader.samples);
}
