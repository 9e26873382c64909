import type { Meta, ValueType } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { callAddresses, hexAddresses, type LegacyTable } from './table.ts';

/** Takes the lines of one text form, trimmed, blank lines and comments left out. */
export interface LegacyLines {
  /** False for the first line that belongs to no sample. */
  line(text: string, lineNumber: number): boolean;
  valueTypes: readonly ValueType[];
  readonly java: boolean;
  /** How many samples had negative values. */
  negative: number;
  meta: Omit<Meta, 'notes'>;
  /** Files of the allocator itself, which stands at the top of stacks. */
  readonly allocator?: RegExp;
}

export interface LegacyContext {
  readonly input: Input;
  readonly table: LegacyTable;
  readonly notes: Notes;
}

const count = (type: string): ValueType => ({ type, unit: 'count' });
const bytes = (type: string): ValueType => ({ type, unit: 'bytes' });

/** What Java's heap profiler samples by. */
const JAVA_HEAP_RATE = 524_288;

/** `heap profile: 1: 9216 [ 1: 9216] @ heap_v2/524288`, then ` 1: 9216 [ 1: 9216] @ 0xc6 0x42`: in use, [allocated]. */
export function heap({ input, table }: LegacyContext): LegacyLines {
  let rate = 0;
  let allocations = false;
  const reader: LegacyLines = {
    line,
    valueTypes: [count('objects'), bytes('space')],
    java: false,
    negative: 0,
    meta: {},
  };
  let started = false;
  return reader;

  function line(text: string, lineNumber: number): boolean {
    if (!started) {
      started = true;
      header(text, lineNumber);
      return true;
    }
    if (text.startsWith('---')) return false;
    const found = /^(-?\d{1,19}): *(-?\d{1,19}) *\[ *(\d{1,19}): *(\d{1,19}) *\] *@((?: *0x[0-9a-f]{1,16})*) *$/.exec(
      text,
    );
    if (!found) throw notASample(input, lineNumber);
    const inUse = scaled(found[1]!, found[2]!, lineNumber);
    const values = allocations ? [...scaled(found[3]!, found[4]!, lineNumber), ...inUse] : inUse;
    if (values.some((value) => value < 0)) reader.negative++;
    table.samples.push({
      addresses: callAddresses(hexAddresses(found[5]!), true),
      values: values.map((value) => Math.max(0, value)),
    });
    return true;
  }

  function header(text: string, lineNumber: number): void {
    const found = /^heap profile: *(\d+): *(\d+) *\[ *(\d+): *(\d+) *\] *@ *(\w+)(?:\/(\d{1,15}))?/.exec(text);
    const [, objects, space, allObjects, allSpace, name, period] = found ?? [];
    if (name === 'growthz' || name === 'fragmentationz') return;
    // Go writes twice its rate
    const perName = new Map([
      ['heap_v2', 1],
      ['heapz_v2', 1],
      ['heap', 2],
      ['heapprofile', 0],
    ]);
    const divisor = perName.get(name ?? '');
    if (divisor === undefined)
      throw new FormatError(
        input,
        `line ${lineNumber}`,
        `this is no heap profile that we know: ${(name ?? text).slice(0, 40)}`,
      );
    rate = divisor === 0 ? 1 : Math.floor(Number(period ?? 0) / divisor);
    const differs = (all: string, used: string) => all !== used && Number(all) !== 0;
    allocations = differs(allObjects!, objects!) || differs(allSpace!, space!);
    if (allocations) {
      reader.valueTypes = [count('alloc_objects'), bytes('alloc_space'), count('inuse_objects'), bytes('inuse_space')];
    }
  }

  function scaled(objects: string, space: string, lineNumber: number): number[] {
    const [number, size] = [integer(input, lineNumber, objects), integer(input, lineNumber, space)];
    if (number === 0 && size !== 0)
      throw new FormatError(input, `line ${lineNumber}`, `no objects, and ${size} bytes in them`);
    return unsampled(number, size, rate);
  }
}

/** `goroutine profile: total 7`, then `1 @ 0x44cb3 0x45045`. */
export function goCount({ input, table }: LegacyContext): LegacyLines {
  const reader: LegacyLines = { line, valueTypes: [], java: false, negative: 0, meta: {} };
  return reader;

  function line(text: string, lineNumber: number): boolean {
    if (reader.valueTypes.length === 0) {
      reader.valueTypes = [count(/^\w+/.exec(text)![0])];
      return true;
    }
    if (text.startsWith('---')) return false;
    const found = /^(\d{1,19}) @((?: +0x[0-9a-f]{1,16})+)$/.exec(text);
    if (!found) throw notASample(input, lineNumber);
    table.samples.push({
      addresses: callAddresses(hexAddresses(found[2]!), true),
      values: [integer(input, lineNumber, found[1]!)],
    });
    return true;
  }
}

/**
 * `--- contentionz 1 ---`, `sampling period = 100` and other attributes, then ` 19490304 27 @ 0xbc 0xc6`: a delay and
 * how often. In Java's, and its heaps (`--- heapz 1 ---`: bytes and objects), addresses are names that follow.
 */
export function contention({ input, table }: LegacyContext, javaHeap: boolean): LegacyLines {
  const attributes = new Map<string, string>();
  let started = false;
  let inHeader = true;
  const reader = {
    line,
    valueTypes: [count('contentions'), { type: 'delay', unit: 'nanoseconds' }],
    java: javaHeap,
    negative: 0,
    meta: {},
  };
  return reader;

  function line(text: string, lineNumber: number): boolean {
    if (!started) {
      started = true;
      return true;
    }
    if (text.startsWith('---')) return false;
    const found = /^(\d{1,19}) +(\d{1,19}) +@ *((?:0x[0-9a-f]{1,16} *)*)$/.exec(text);
    if (found) {
      if (inHeader) header();
      inHeader = false;
      const [amount, times] = [integer(input, lineNumber, found[1]!), integer(input, lineNumber, found[2]!)];
      const addresses = hexAddresses(found[3]!);
      table.samples.push({
        addresses: reader.java ? addresses : callAddresses(addresses, true),
        values: valuesOf(amount, times),
      });
      return true;
    }
    const [, name, value] = /^([\w/ ]{1,100}?) *= *(\S.{0,100})$/.exec(text) ?? [];
    if (inHeader && name !== undefined) {
      attributes.set(name, value!);
      return true;
    }
    if (reader.java && !inHeader) return false;
    throw notASample(input, lineNumber);
  }

  function header(): void {
    const unit = attributes.get('resolution');
    reader.java ||= attributes.get('format') === 'java';
    if (javaHeap) reader.valueTypes = [count('inuse_objects'), { type: 'inuse_space', unit: unit ?? 'bytes' }];
    else if (reader.java) reader.valueTypes = [count('contentions'), { type: 'delay', unit: unit ?? 'nanoseconds' }];
    const millis = Number(attributes.get('ms since reset'));
    if (millis > 0) reader.meta = { duration: millis * 1e6 };
  }

  function valuesOf(amount: number, times: number): number[] {
    if (javaHeap) return unsampled(times, amount, JAVA_HEAP_RATE);
    const period = positive(attributes.get('sampling period')) ?? 1;
    const hertz = positive(attributes.get('cycles/second'));
    const delay =
      reader.java || hertz === undefined
        ? amount * (reader.java ? period : 1)
        : Math.trunc((amount * period) / (hertz / 1e9));
    return [times * period, delay];
  }
}

/** `--- Thread 7f794ab90940 (name: main/14748) stack: ---`, then its addresses, with names or not, and its creator's. */
export function threads({ input, table }: LegacyContext): LegacyLines {
  const title = /^--- Thread [0-9a-f]+ \(name: (.*)\/(\d{1,15})\) stack: ---$/;
  let thread: { pid: number; tid: number; process: string; name: string } | undefined;
  let addresses: bigint[] = [];
  let open = false;
  const reader: LegacyLines = { line, valueTypes: [count('thread')], java: false, negative: 0, meta: {} };
  return reader;

  function line(text: string, lineNumber: number): boolean {
    const [, name, tid] = title.exec(text.slice(0, 1000)) ?? [];
    if (name !== undefined) {
      thread = { pid: -1, tid: Number(tid), process: '', name };
      addresses = [];
      table.samples.push({ addresses, values: [1], thread });
      open = true;
      return true;
    }
    if (text.startsWith('---')) return /^--- threadz \d+ ---/.test(text);
    if (!open) throw notASample(input, lineNumber);
    if (text.includes('same as previous thread')) {
      const before = table.samples.at(-2);
      if (!before) throw new FormatError(input, `line ${lineNumber}`, 'there is no thread before this one');
      table.samples[table.samples.length - 1] = { ...table.samples.at(-1)!, addresses: before.addresses };
      open = false;
      return true;
    }
    for (const address of hexAddresses(text))
      addresses.push(addresses.length > 0 && address > 0n ? address - 1n : address);
    const symbol = /0x[0-9a-f]{1,16}: (\S.*)$/.exec(text)?.[1];
    if (symbol !== undefined) table.words.set(addresses.at(-1)!, { name: symbol });
    return true;
  }
}

/** What was sampled stands for more: an allocation of `size` bytes is seen with the chance 1 - exp(-size / rate). */
export function unsampled(objects: number, size: number, rate: number): number[] {
  if (rate <= 1) return [objects, size];
  if (objects === 0 || size === 0) return [0, 0];
  const scale = 1 / (1 - Math.exp(-(size / objects) / rate));
  return [Math.trunc(objects * scale), Math.trunc(size * scale)];
}

/** @throws {FormatError} above 2^53 */
export function integer(input: Input, lineNumber: number, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new FormatError(input, `line ${lineNumber}`, `${text} is above 2^53`);
  return value;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

function notASample(input: Input, lineNumber: number): FormatError {
  return new FormatError(input, `line ${lineNumber}`, 'this is no sample');
}
