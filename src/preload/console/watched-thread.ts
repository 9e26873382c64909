import { existsSync } from 'node:fs';
import type { IntervalHistogram } from 'node:perf_hooks';
import { isDoubtful } from './doubtful.ts';
import {
  BEAT_MS,
  type BlockReport,
  HELD_BLOCKS,
  type RawPlace,
  type SampledPath,
  type StackAnswer,
  type ThreadHello,
  WORD,
} from './messages.ts';
import { RunDelay } from './run-delay.ts';

/** A thread answers for its samples within this time, or has none: milliseconds. */
const SAMPLES_MS = 1_500;
/** The clock that all threads share, by way of one that makes no big integers: nanoseconds. */
const origin = Number(process.hrtime.bigint()) - performance.now() * 1e6;
const now = (): number => origin + performance.now() * 1e6;

/** A thread that has just begun to be watched is held by that itself, for a moment: nanoseconds. */
const SETTLING = 1.5e9;
interface Pending {
  readonly start: number;
  /** Before it was over. */
  readonly beats: number;
  readonly report: BlockReport;
  /** It was on a processor for most of the time, as far as is known: samples can tell of it. */
  readonly isRunning: boolean;
  readonly until: number;
}

/** What the watching thread knows of a thread that it watches. */
export class WatchedThread {
  readonly thread: number;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly delay: IntervalHistogram;
  private readonly ends: Float64Array<SharedArrayBuffer>;
  private readonly tid: number;
  private readonly runDelay: RunDelay;
  /** Its times when the last beat was seen, and when that was; 0: they were not looked at. */
  private ranBefore = 0;
  private waitedBefore = 0;
  private before = 0;
  private count: number;
  private readonly begun = now();
  /** When the last beat was seen. */
  private since = now();
  private asked = 0;
  private stack: readonly RawPlace[] | undefined;
  private waited = 0;
  private pending: Pending[] = [];

  constructor({ thread, tid, words, times, delay }: ThreadHello) {
    this.tid = tid;
    this.runDelay = new RunDelay(tid);
    this.thread = thread;
    this.words = words;
    this.ends = times;
    this.delay = delay as IntervalHistogram;
    this.count = this.delay.count;
  }

  /** Nanoseconds since its event loop turned the last time, beyond a beat. */
  get held(): number {
    return Math.max(0, now() - this.since - BEAT_MS * 1e6);
  }

  /** Since the last beat was seen, nanoseconds: for which it has waited for a processor, ran, and did neither. */
  private get times(): { readonly starved: number; readonly ran: number; readonly rest: number } {
    const { before, runDelay } = this;
    if (before === 0 || !runDelay.isKnown) return { starved: 0, ran: this.held, rest: 0 };
    runDelay.look();
    const starved = runDelay.waited - this.waitedBefore;
    const ran = runDelay.ran - this.ranBefore;
    return { starved, ran, rest: Math.max(0, now() - before - starved - ran) };
  }

  /** Its thread has ended without a word: it was terminated. */
  get isGone(): boolean {
    return !existsSync(`/proc/self/task/${this.tid}`);
  }

  close(): void {
    this.runDelay.close();
  }

  /** Its delays are counted from now on. */
  resetDelay(): void {
    this.delay.reset();
    this.count = 0;
  }

  /**
   * Looks whether it has been held for too long.
   * @param limit nanoseconds; 0: nobody wants to know
   * @param ask has it tell its stack
   * @param send a block that is over, with all that can be known
   * @returns it beats: the next look may come after two beats
   */
  look(limit: number, ask: (thread: WatchedThread) => void, send: (report: BlockReport) => void): boolean {
    const time = now();
    const { count } = this.delay;
    while (this.pending.length > 0 && time > this.pending[0]!.until) this.settle(this.pending[0]!, [], send);
    if (count === this.count) {
      if (limit === 0) return false;
      if (this.asked === 0 && this.held > limit && this.held - this.times.starved > limit) {
        this.asked = time;
        ask(this);
      }
      return false;
    }
    const held = time - this.since - BEAT_MS * 1e6;
    if (limit > 0 && held >= limit) {
      // On a busy machine a thread stands still that does nothing wrong
      const { starved, ran, rest } = this.times;
      const isRunning = ran > Math.max(rest, limit / 2) && this.since - this.begun > SETTLING;
      if (held - starved >= limit) this.over(time, held - starved, isRunning, send);
    }
    if (limit > 0) {
      this.runDelay.look();
      this.ranBefore = this.runDelay.ran;
      this.waitedBefore = this.runDelay.waited;
    }
    this.before = limit > 0 ? time : 0;
    this.count = count;
    this.since = time;
    this.asked = 0;
    this.stack = undefined;
    this.waited = 0;
    return true;
  }

  /** The answer to the question for its stack. */
  answered({ beats, stack }: StackAnswer): void {
    if (this.asked > 0 && beats === this.count) {
      this.stack = stack;
      this.waited = now() - this.asked;
      return;
    }
    // It came while the thread was held, and was read afterwards
    const late = this.pending.findIndex((one) => one.beats === beats && one.report.stack === undefined);
    const one = this.pending[late];
    if (one === undefined) return;
    this.pending[late] = { ...one, report: { ...one.report, stack, waited: one.report.duration } };
  }

  private over(end: number, duration: number, isRunning: boolean, send: (report: BlockReport) => void): void {
    const { stack, waited, thread, words } = this;
    const report: BlockReport = { t: 'block', thread, time: Date.now(), duration, waited, ...(stack ? { stack } : {}) };
    if (!isDoubtful(report)) {
      send(report);
      return;
    }
    const start = this.since;
    const block: Pending = { start, beats: this.count, report, isRunning, until: end + SAMPLES_MS * 1e6 };
    this.pending.push(block);
    if (this.pending.length > HELD_BLOCKS) this.settle(this.pending[0]!, [], send);
    // A stack that is on its way comes soon, or never
    if (!isRunning) return;
    const slot = 2 * (Atomics.load(words, WORD.blocks) % HELD_BLOCKS);
    this.ends[slot] = start;
    this.ends[slot + 1] = end;
    Atomics.add(words, WORD.blocks, 1);
  }

  /** Its answer to the question for samples. */
  sampled(start: number, samples: readonly SampledPath[], send: (report: BlockReport) => void): void {
    const block = this.pending.find((one) => one.start === start);
    if (block !== undefined) this.settle(block, samples, send);
  }

  private settle(block: Pending, samples: readonly SampledPath[], send: (report: BlockReport) => void): void {
    this.pending = this.pending.filter((one) => one !== block);
    const { report, isRunning } = block;
    const isSeen = (report.stack?.length ?? 0) > 0 || samples.length > 0;
    // Neither a stack nor samples: it ran all the time, or the machine was busy, not this thread
    if (isSeen || isRunning) send({ ...report, samples });
  }
}
