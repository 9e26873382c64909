import { FIELD, type RecordedEvent } from './attributes.ts';
import { ChainWords } from './chain-words.ts';
import { CounterValues } from './counter-values.ts';
import type { AddressSpace, PerfSample, RawChain } from './recording.ts';
import { address64, unsigned64, type Words } from './words.ts';

/** What a record of 64 KiB can hold. */
const MOST_BRANCHES = 2730;

/** The sample that is filled again and again; where it belongs (`space`, `comm`) is filled by its owner. */
export class SampleFields implements PerfSample {
  event = 0;
  pid = -1;
  tid = -1;
  time = 0;
  cpu = -1;
  period = 0;
  ip = 0;
  kernelIp = false;
  readonly branches = new Float64Array(2 * MOST_BRANCHES);
  branchCount = 0;
  regsAbi = 0;
  regsMask: [number, number] = [0, 0];
  stack: Uint8Array | undefined;
  space!: AddressSpace;
  comm = '';
  readonly counters: CounterValues;
  private readonly little: boolean;
  private readonly chains: ChainWords;
  private words!: Words;
  private at = 0;
  private end = 0;
  private regsAt = 0;
  private regsCount = 0;

  constructor(little: boolean) {
    this.little = little;
    this.counters = new CounterValues(little);
    this.chains = new ChainWords(little);
  }

  /**
   * Reads a record of the kind SAMPLE. Its sizes are as in include/uapi/linux/perf_event.h.
   * @param at start of the record
   * @param end behind it
   * @returns false: it ends within a field
   */
  read(number: number, event: RecordedEvent, words: Words, at: number, end: number): boolean {
    const { view } = words;
    const { little } = this;
    const { fields } = event;
    const mode = view.getUint16(at + 4, little) & 7;
    this.words = words;
    this.at = at + 8;
    this.end = end;
    this.event = number;
    this.kernelIp = mode === 1 || mode === 4;
    this.pid = -1;
    this.tid = -1;
    this.cpu = -1;
    this.time = 0;
    this.ip = 0;
    this.period = event.period;
    this.chains.count = 0;
    this.branchCount = 0;
    this.counters.count = 0;
    this.regsAbi = 0;
    this.regsCount = 0;
    this.stack = undefined;
    // Of these every one has 8 bytes
    if (this.at + 8 * countBits(fields & FIRST_FIELDS) > end) return false;
    if (fields & FIELD.identifier) this.at += 8;
    if (fields & FIELD.ip) this.ip = address64(view, this.next(), little);
    if (fields & FIELD.tid) {
      this.pid = view.getInt32(this.at, little);
      this.tid = view.getInt32(this.at + 4, little);
      this.at += 8;
    }
    if (fields & FIELD.time) this.time = unsigned64(view, this.next(), little);
    if (fields & FIELD.addr) this.at += 8;
    if (fields & FIELD.id) this.at += 8;
    if (fields & FIELD.streamId) this.at += 8;
    if (fields & FIELD.cpu) this.cpu = view.getUint32(this.next(), little);
    if (fields & FIELD.period) this.period = unsigned64(view, this.next(), little);
    if (fields & FIELD.read && !this.readCounters(event.readFormat)) return false;
    if (fields & FIELD.callchain && !this.readChain()) return false;
    if (fields & FIELD.raw && !this.skipRaw()) return false;
    if (fields & FIELD.branchStack && !this.readBranches(event)) return false;
    if (fields & FIELD.regsUser && !this.readRegisters(event.regsMask)) return false;
    return (fields & FIELD.stackUser) === 0 || this.readStack();
  }

  get chain(): Float64Array {
    return this.chains.read().addresses;
  }

  get chainLength(): number {
    return this.chains.read().length;
  }

  get chainKernel(): Uint8Array {
    return this.chains.read().kernel;
  }

  get rawChain(): RawChain | undefined {
    // Before the first chain there are no bytes that one could be in
    return this.little && this.chains.count > 0 ? this.chains : undefined;
  }

  /** Chains whose user part comes later, which is not read. */
  get deferred(): number {
    return this.chains.deferred;
  }

  /** Of some two dozen, two or three are asked for. */
  register(index: number): number {
    return index < this.regsCount ? address64(this.words.view, this.regsAt + 8 * index, this.little) : Number.NaN;
  }

  private next(): number {
    const { at } = this;
    this.at = at + 8;
    return at;
  }

  /** The number of parts of some bytes each at this place; -1 = they would not fit. */
  private count(bytesEach: number): number {
    const { at, end, little, words } = this;
    if (at + 8 > end) return -1;
    const count = unsigned64(words.view, at, little);
    if (count * bytesEach > end - at - 8) return -1;
    this.at = at + 8;
    return count;
  }

  private readCounters(format: number): boolean {
    this.at = this.counters.read(this.words.view, this.at, this.end, format);
    return this.at >= 0;
  }

  private readChain(): boolean {
    const count = this.count(8);
    if (count < 0) return false;
    this.chains.take(this.words, this.at, count, this.kernelIp);
    this.at += 8 * count;
    return true;
  }

  /** A tracepoint's own fields: 4 bytes of size, then so many that the whole ends at a word. */
  private skipRaw(): boolean {
    const { at, end, little, words } = this;
    if (at + 4 > end) return false;
    this.at = at + ((4 + words.view.getUint32(at, little) + 7) & ~7);
    return this.at > at && this.at <= end;
  }

  private readBranches({ branchIndex, branchCounters }: RecordedEvent): boolean {
    const bytesEach = branchCounters ? 32 : 24;
    const count = this.count(bytesEach);
    if (count < 0) return false;
    if (branchIndex) this.at += 8;
    const end = this.at + bytesEach * count;
    if (end > this.end) return false;
    const { branches, little } = this;
    const { view } = this.words;
    for (let i = 0; i < count; i++) {
      branches[2 * i] = address64(view, this.at, little);
      branches[2 * i + 1] = address64(view, this.at + 8, little);
      this.at += 24;
    }
    this.branchCount = count;
    this.at = end;
    return true;
  }

  private readRegisters(mask: [number, number]): boolean {
    const { end, little, words } = this;
    if (this.at + 8 > end) return false;
    this.regsAbi = unsigned64(words.view, this.next(), little);
    if (this.regsAbi === 0) return true;
    const count = countBits(mask[0]) + countBits(mask[1]);
    if (this.at + 8 * count > end) return false;
    this.regsMask = mask;
    this.regsAt = this.at;
    this.regsCount = count;
    this.at += 8 * count;
    return true;
  }

  private readStack(): boolean {
    const size = this.count(1);
    if (size <= 0) return size === 0;
    const start = this.at;
    this.at += size;
    if (this.at + 8 > this.end) return false;
    const used = Math.min(size, unsigned64(this.words.view, this.at, this.little));
    const { bytes } = this.words;
    // Not subarray: that of a Buffer takes ten times as long
    this.stack = new Uint8Array(bytes.buffer, bytes.byteOffset + start, used);
    return true;
  }
}

const FIRST_FIELDS =
  FIELD.identifier |
  FIELD.ip |
  FIELD.tid |
  FIELD.time |
  FIELD.addr |
  FIELD.id |
  FIELD.streamId |
  FIELD.cpu |
  FIELD.period;

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
