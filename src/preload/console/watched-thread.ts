import type { IntervalHistogram } from 'node:perf_hooks';
import { isDoubtful } from './doubtful.ts';
import {
  BEAT_MS,
  type BlockReport,
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

interface Pending {
  readonly start: number;
  /** Before it was over. */
  readonly beats: number;
  readonly report: BlockReport;
  readonly until: number;
}

/** What the watching thread knows of a thread that it watches. */
export class WatchedThread {
  readonly thread: number;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly delay: IntervalHistogram;
  private readonly times: Float64Array<SharedArrayBuffer>;
  private readonly runDelay: RunDelay;
  /** Its wait for processors, when it was first seen to stand still. */
  private waitedBefore: number | undefined;
  private count: number;
  /** When the last beat was seen. */
  private since = now();
  private asked = 0;
  private stack: readonly RawPlace[] | undefined;
  private waited = 0;
  private pending: Pending | undefined;

  constructor({ thread, tid, words, times, delay }: ThreadHello) {
    this.runDelay = new RunDelay(tid);
    this.thread = thread;
    this.words = words;
    this.times = times;
    this.delay = delay as IntervalHistogram;
    this.count = this.delay.count;
  }

  /** Nanoseconds since its event loop turned the last time, beyond a beat. */
  get held(): number {
    return Math.max(0, now() - this.since - BEAT_MS * 1e6);
  }

  /** Nanoseconds in which it has waited for a processor since it was first seen to stand still. */
  private get starved(): number {
    return this.waitedBefore === undefined ? 0 : this.runDelay.now() - this.waitedBefore;
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
   */
  look(limit: number, ask: (thread: WatchedThread) => void, send: (report: BlockReport) => void): void {
    const time = now();
    const { count } = this.delay;
    if (this.pending !== undefined && time > this.pending.until) this.settle([], send);
    if (count === this.count) {
      if (limit > 0) this.waitedBefore ??= this.runDelay.now();
      if (limit > 0 && this.asked === 0 && this.held > limit && this.held - this.starved > limit) {
        this.asked = time;
        ask(this);
      }
      return;
    }
    // On a busy machine a thread stands still that does nothing wrong
    const held = time - this.since - BEAT_MS * 1e6;
    const duration = limit > 0 && held >= limit ? held - this.starved : held;
    this.waitedBefore = undefined;
    const start = this.since;
    const beats = this.count;
    this.count = count;
    this.since = time;
    if (limit > 0 && duration >= limit) this.over(beats, start, duration, send);
    this.asked = 0;
    this.stack = undefined;
    this.waited = 0;
  }

  /** The answer to the question for its stack. */
  answered({ beats, stack }: StackAnswer): void {
    const { pending } = this;
    if (this.asked > 0 && beats === this.count) {
      this.stack = stack;
      this.waited = now() - this.asked;
    } else if (pending !== undefined && beats === pending.beats && pending.report.stack === undefined) {
      // It came while the thread was held, and was read afterwards
      this.pending = { ...pending, report: { ...pending.report, stack, waited: pending.report.duration } };
    }
  }

  private over(beats: number, start: number, duration: number, send: (report: BlockReport) => void): void {
    const { stack, waited, thread } = this;
    const report: BlockReport = { t: 'block', thread, time: Date.now(), duration, waited, ...(stack ? { stack } : {}) };
    if (!isDoubtful(report)) {
      send(report);
      return;
    }
    // One at a time may wait for its samples
    if (this.pending !== undefined) return;
    const end = this.since;
    this.times[0] = start;
    this.times[1] = end;
    this.pending = { start, beats, report, until: end + SAMPLES_MS * 1e6 };
    Atomics.add(this.words, WORD.blocks, 1);
  }

  /** Its answer to the question for samples. */
  sampled(start: number, samples: readonly SampledPath[], send: (report: BlockReport) => void): void {
    if (this.pending?.start === start) this.settle(samples, send);
  }

  private settle(samples: readonly SampledPath[], send: (report: BlockReport) => void): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending === undefined) return;
    // Neither a stack nor samples: the machine was busy, not this thread
    if ((pending.report.stack?.length ?? 0) === 0 && samples.length === 0) return;
    send({ ...pending.report, samples });
  }
}
