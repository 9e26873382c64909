import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { FormatError, type Input } from '../format.ts';
import { readWholeLines } from '../text/whole-lines.ts';
import { LiveSites } from './live-sites.ts';
import { Moments } from './moments.ts';
import { isOperatorNew, placeOf } from './places.ts';
import type { HeaptrackPlace, HeaptrackRecording } from './recording.ts';

const LONGEST_LINE = 16 << 20;
/** Bytes that are allocated or freed between two moments, at least. */
const SMALLEST_STEP = 1024;
/** Older files name blocks by their addresses (before heaptrack 1.0), newer ones are not known yet. */
const VERSIONS = { oldest: 1, newest: 3, sizedStrings: 3 } as const;

/**
 * Reads what heaptrack left, as heaptrack_interpret writes it: one record a line, all numbers hexadecimal (KDE/heaptrack,
 * src/interpret/heaptrack_interpret.cpp, src/analyze/accumulatedtracedata.cpp). Each allocation and each release is a
 * line, so nothing is kept but sums.
 * @throws {FormatError} with the line: it is raw, of an unknown version, or broken
 */
export async function readHeaptrack(input: Input): Promise<HeaptrackRecording> {
  const reader = new HeaptrackReader(input);
  // A last line without its end may hold half a number: it is not read
  await readWholeLines(input, reader, LONGEST_LINE);
  return reader.end();
}

class HeaptrackReader {
  private readonly input: Input;
  private lineNumber = 0;
  private version = -1;
  private command = '';
  private attached = false;
  private complete = false;
  private pageSize = 4096;
  private readonly strings: string[] = [''];
  private readonly places: HeaptrackPlace[] = [placeOf({ address: '0', module: '', frames: [] })];
  private readonly operatorNew = new Set<number>();
  private readonly traceIp = new Int32Column();
  private readonly traceParent = new Int32Column();
  /** By trace: its site; -1 = it has not allocated. */
  private readonly siteOfTrace: number[] = [-1];
  /** By number of an allocation: its size and its site. */
  private readonly size = new Float64Column();
  private readonly site = new Int32Column();
  private readonly live = new LiveSites();
  /** The allocation that came directly before; -1 = there was a release in between. */
  private last = -1;
  private time = 0;
  private peakTime = 0;
  private most = 0;
  private rss = 0;
  private peakRss = 0;
  private readonly moments = new Moments();
  /** The same by bytes allocated and freed: what a run that is over in no time is shown by. */
  private readonly steps = new Moments();
  private moved = 0;
  private nextStep = 0;
  private peakMoved = 0;
  private readonly times = new Float64Column();
  private readonly heaps = new Float64Column();
  private readonly residents = new Float64Column();
  /** Where the next number of a line is. */
  private at = 0;

  constructor(input: Input) {
    this.input = input;
    this.traceIp.push(0);
    this.traceParent.push(0);
  }

  fail(what: string, hint?: string): never {
    throw new FormatError(this.input, `line ${Math.max(1, this.lineNumber)}`, what, hint);
  }

  /**
   * All whole lines from a place on. Allocations and releases are most of a file: they are read here.
   * @returns where the line begins whose end is missing
   */
  lines(bytes: Buffer, from: number): number {
    let at = from;
    const { length } = bytes;
    while (at < length) {
      const mode = bytes[at]!;
      if ((mode === 43 || mode === 45) && bytes[at + 1] === 32) {
        let number = 0;
        let i = at + 2;
        for (; i < length; i++) {
          const code = bytes[i]!;
          if (code >= 48 && code <= 57) number = number * 16 + code - 48;
          else if (code >= 97 && code <= 102) number = number * 16 + code - 87;
          else break;
        }
        if (i === length) return at;
        if (bytes[i] === 10 && i > at + 2) {
          this.lineNumber++;
          if (mode === 43) this.allocated(number);
          else this.freed(number);
          at = i + 1;
          continue;
        }
      }
      const end = bytes.indexOf(10, at);
      if (end < 0) return at;
      this.line(bytes, at, end);
      at = end + 1;
    }
    return at;
  }

  /** @param to without the line end */
  line(bytes: Buffer, from: number, to: number): void {
    this.lineNumber++;
    if (from === to) return;
    const mode = String.fromCharCode(bytes[from]!);
    this.at = from + 2;
    const next = (): number => this.number(bytes, to);
    if (this.version < 0 && mode !== 'v' && mode !== '#')
      this.fail('there is no line `v` with the version before this');
    if (mode === '+') this.allocated(next());
    else if (mode === '-') this.freed(next());
    else if (mode === 'c') this.passed(next());
    else if (mode === 'R') this.resident(next());
    else if (mode === 'a') this.allocation(next(), next());
    else if (mode === 't') this.trace(next(), next());
    else if (mode === 's') this.text(bytes, to);
    else if (mode === 'i') this.place(bytes, to);
    else if (mode === 'v') this.head(next(), this.at < to ? next() : 0);
    else if (mode === 'X') this.command = bytes.toString('utf8', Math.min(from + 2, to), to);
    else if (mode === 'I') this.pageSize = next();
    else if (mode === 'A') this.attached = true;
    else if (mode === 'x' || mode === 'm') {
      this.fail('this is a raw recording of heaptrack', 'heaptrack_interpret < RAW > FILE makes it readable');
    } else if (mode === '#') {
      if (/^# strings: \d+$/.test(bytes.toString('latin1', from, Math.min(to, from + 40)))) this.complete = true;
      // S: what is to be left out of lists of leaks, which nobody asked for here
    } else if (mode !== 'S') this.fail(`no record of heaptrack begins with ${JSON.stringify(mode)}`);
  }

  end(): HeaptrackRecording {
    if (this.version < 0) this.fail('there is no line `v` with the version');
    const { live, time } = this;
    if (this.most > 0 || this.times.length === 0) this.tick(time);
    const columns = live.columns();
    const inBytes = this.moments.areFew;
    const [peakAt, endAt] = inBytes ? [this.peakMoved, this.moved] : [this.peakTime, time];
    const peak = { time: peakAt, heap: live.peak, sites: columns.peakBytes, peak: true };
    const end = { time: Math.max(endAt, peakAt), heap: live.heap, sites: columns.leakedBytes, peak: false };
    return {
      command: this.command,
      attached: this.attached,
      duration: time,
      peakRss: this.peakRss * this.pageSize,
      sites: columns,
      traces: { ip: this.traceIp.toArray(), parent: this.traceParent.toArray() },
      places: this.places,
      timeUnit: inBytes ? 'B' : 'ms',
      moments: (inBytes ? this.steps : this.moments).list(peak, end),
      timeline: {
        time: this.times.toArray(),
        heap: this.heaps.toArray(),
        rss: this.residents.toArray().map((pages) => pages * this.pageSize),
      },
      complete: this.complete,
    };
  }

  private allocated(index: number): void {
    if (index >= this.size.length) this.fail(`there is no allocation ${index}: ${this.size.length} are known`);
    this.last = index;
    const size = this.size.at(index);
    this.moved += size;
    if (this.live.allocate(this.site.at(index), size)) {
      this.peakTime = this.time;
      this.peakMoved = this.moved;
    }
    if (this.live.heap > this.most) this.most = this.live.heap;
    if (this.moved >= this.nextStep) this.step();
  }

  private freed(index: number): void {
    if (index >= this.size.length) this.fail(`there is no allocation ${index}: ${this.size.length} are known`);
    const size = this.size.at(index);
    if (!this.live.free(this.site.at(index), size, this.last === index)) {
      this.fail(`allocation ${index} is freed more often than it was made`);
    }
    this.moved += size;
    this.last = -1;
    if (this.moved >= this.nextStep) this.step();
  }

  private step(): void {
    this.steps.add(this.moved, this.live.heap, () => this.live.bytesNow());
    this.nextStep = this.moved + SMALLEST_STEP;
  }

  private passed(time: number): void {
    // Damaged: time does not go back
    if (time < this.time) return;
    this.time = time;
    this.tick(time);
  }

  private tick(time: number): void {
    this.times.push(time);
    this.heaps.push(Math.max(this.most, this.live.heap));
    this.residents.push(this.rss);
    this.most = this.live.heap;
    this.moments.add(time, this.live.heap, () => this.live.bytesNow());
  }

  private resident(pages: number): void {
    this.rss = pages;
    this.peakRss = Math.max(this.peakRss, pages);
  }

  private allocation(size: number, trace: number): void {
    if (trace >= this.traceIp.length) this.fail(`there is no stack ${trace}: ${this.traceIp.length - 1} are known`);
    let site = this.siteOfTrace[trace]!;
    if (site < 0) {
      site = this.live.site(trace);
      this.siteOfTrace[trace] = site;
    }
    this.size.push(size);
    this.site.push(site);
  }

  private trace(ip: number, parent: number): void {
    if (ip === 0 || ip >= this.places.length) this.fail(`there is no place ${ip}: ${this.places.length - 1} are known`);
    if (parent >= this.traceIp.length) this.fail(`there is no stack ${parent}: ${this.traceIp.length - 1} are known`);
    // operator new stands for its caller, whose row may be taken as it is: nothing of it changes
    const isNew = this.operatorNew.has(ip) && parent > 0;
    this.traceIp.push(isNew ? this.traceIp.at(parent) : ip);
    this.traceParent.push(isNew ? this.traceParent.at(parent) : parent);
    this.siteOfTrace.push(-1);
  }

  private text(bytes: Buffer, to: number): void {
    let { at } = this;
    if (this.version >= VERSIONS.sizedStrings) {
      const length = this.number(bytes, to);
      at = this.at;
      if (at + length > to) this.fail(`the text is shorter than the ${length} bytes that are told of it`);
    }
    this.strings.push(bytes.toString('utf8', Math.min(at, to), to));
  }

  private place(bytes: Buffer, to: number): void {
    const space = bytes.indexOf(32, this.at);
    const address = bytes.toString('latin1', this.at, space < 0 || space > to ? to : space);
    if (!/^[0-9a-f]{1,16}$/.test(address)) this.fail(`${JSON.stringify(address.slice(0, 40))} is no address`);
    this.at += address.length + 1;
    const module = this.at < to ? this.string(bytes, to) : '';
    const frames: { name: string; file: string; line: number }[] = [];
    while (this.at < to) {
      const name = this.string(bytes, to);
      // A function of which only the symbol is known stands alone
      const file = this.at < to ? this.string(bytes, to) : '';
      frames.push({ name, file, line: this.at < to ? this.number(bytes, to) : 0 });
    }
    const numbers = { address, module, frames };
    if (isOperatorNew(numbers)) this.operatorNew.add(this.places.length);
    this.places.push(placeOf(numbers));
  }

  private string(bytes: Buffer, to: number): string {
    const index = this.number(bytes, to);
    return this.strings[index] ?? this.fail(`there is no text ${index}: ${this.strings.length - 1} are known`);
  }

  private head(heaptrack: number, version: number): void {
    // Heaptrack called its first format by the version that it had then
    this.version = version === 0 && heaptrack === 0x10200 ? 1 : version;
    if (this.version < VERSIONS.oldest || this.version > VERSIONS.newest) {
      this.fail(
        `version ${this.version} of heaptrack's format is not read, only ${VERSIONS.oldest} to ${VERSIONS.newest}`,
        'record it anew, or give the output of heaptrack_print -M or -F',
      );
    }
  }

  private number(bytes: Buffer, to: number): number {
    let number = 0;
    let { at } = this;
    const from = at;
    for (; at < to; at++) {
      const code = bytes[at]!;
      if (code >= 48 && code <= 57) number = number * 16 + code - 48;
      else if (code >= 97 && code <= 102) number = number * 16 + code - 87;
      else break;
    }
    if (at === from || (at < to && bytes[at] !== 32)) this.fail('a hexadecimal number was expected');
    if (number > Number.MAX_SAFE_INTEGER) this.fail('the number is too large');
    this.at = at + 1;
    return number;
  }
}
