import type { LoadProgress } from './engine.ts';
import { type HistogramColumns, LatencyHistogram, mergedColumns, percentileIn } from './histogram.ts';
import type { LoadPlan } from './plan.ts';
import {
  ERROR_KINDS,
  type ErrorKind,
  type EventStreams,
  failedRequests,
  type LoadResult,
  type LoadWindow,
  latencyOf,
  noErrors,
} from './result.ts';
import type { ShareEnd, WindowCounts } from './share.ts';

interface OpenWindow {
  requests: number;
  failed: number;
  readonly latency: HistogramColumns[];
  /** By thread. */
  readonly perThread: Float64Array;
}

/** Puts what the threads of a load counted together. */
export class ResultBuilder {
  private readonly plan: LoadPlan;
  /** Seconds. */
  private readonly window: number;
  private readonly threads: number;
  private readonly windows = new Map<number, OpenWindow>();
  private readonly ends: ShareEnd[] = [];
  private readonly latency = new LatencyHistogram();
  private readonly corrected = new LatencyHistogram();
  private readonly lateness = new LatencyHistogram();
  private readonly firstEvent = new LatencyHistogram();
  private readonly gap = new LatencyHistogram();
  private readonly errors = noErrors();
  private readonly statuses = new Map<number, number>();
  private requests = 0;
  private bytes = 0;
  private streams = 0;
  private events = 0;
  stopped = false;

  constructor(plan: LoadPlan, window: number, threads: number) {
    this.plan = plan;
    this.window = window;
    this.threads = threads;
  }

  addWindow(thread: number, counts: WindowCounts): void {
    const errors = noErrors();
    for (const [i, kind] of ERROR_KINDS.entries()) {
      errors[kind] = counts.errors[i]!;
      this.errors[kind] += counts.errors[i]!;
    }
    this.requests += counts.requests;
    this.bytes += counts.bytes;
    for (const [status, count] of counts.statuses) this.statuses.set(status, (this.statuses.get(status) ?? 0) + count);
    this.latency.add(counts.latency);
    if (counts.corrected !== undefined) this.corrected.add(counts.corrected);
    if (counts.lateness !== undefined) this.lateness.add(counts.lateness);
    if (counts.events !== undefined) {
      this.streams += counts.events.streams;
      this.events += counts.events.events;
      this.firstEvent.add(counts.events.firstEvent);
      this.gap.add(counts.events.gap);
    }
    let window = this.windows.get(counts.index);
    if (window === undefined) {
      window = { requests: 0, failed: 0, latency: [], perThread: new Float64Array(this.threads) };
      this.windows.set(counts.index, window);
    }
    window.requests += counts.requests;
    window.failed += failedRequests(errors);
    window.latency.push(counts.corrected ?? counts.latency);
    window.perThread[thread]! += counts.requests;
  }

  addEnd(end: ShareEnd): void {
    this.ends.push(end);
  }

  progress(elapsed: number): LoadProgress {
    const latest = [...this.windows.values()].at(-1);
    return {
      elapsed,
      requests: this.requests,
      failed: failedRequests(this.errors),
      rps: (latest?.requests ?? 0) / this.window,
      p99: latest === undefined ? 0 : percentileIn(mergedColumns(latest.latency), 99),
    };
  }

  /** @param cpuSeconds of the generator, while it counted */
  result(cpuSeconds: number): LoadResult {
    const { plan, latency, corrected, lateness, ends } = this;
    const seconds = ends.reduce((most, { elapsed }) => Math.max(most, elapsed), 0) / 1000;
    const examples = new Map<ErrorKind, string>();
    for (const end of ends) for (const [kind, text] of end.examples) if (!examples.has(kind)) examples.set(kind, text);
    const open = plan.rate !== undefined;
    const gone = ends.length > 0 && ends.every(({ dead, silent }) => dead && silent !== undefined);
    const silent = gone ? Math.min(...ends.map((end) => end.silent!)) / 1000 : undefined;
    const events = this.eventStreams(seconds);
    const location = ends.find((end) => end.location !== '')?.location;
    return {
      engine: 'pforge-prof',
      url: plan.url.href,
      connections: plan.connections,
      threads: this.threads,
      ...(open ? { rate: plan.rate! } : {}),
      seconds,
      requests: this.requests,
      bytes: this.bytes,
      errors: this.errors,
      examples,
      statuses: new Map([...this.statuses].sort(([a], [b]) => a - b)),
      latency: latencyOf(latency),
      ...(open ? { corrected: latencyOf(corrected), lateness: latencyOf(lateness) } : {}),
      threadRates: latencyOf(this.threadRates(seconds)),
      windows: this.closedWindows(seconds),
      ...(events === undefined ? {} : { events }),
      unanswered: sum(ends, 'unanswered'),
      unsent: sum(ends, 'unsent'),
      cpuSeconds,
      ...(silent === undefined ? {} : { silent }),
      stopped: this.stopped,
      notes:
        location === undefined ? [] : [`redirects are not followed: the server answers that it moved to ${location}`],
    };
  }

  private eventStreams(seconds: number): EventStreams | undefined {
    const { streams, events } = this;
    if (events === 0) return undefined;
    return {
      streams,
      events,
      eventsPerSecond: seconds > 0 ? events / seconds : 0,
      firstEvent: latencyOf(this.firstEvent),
      gap: latencyOf(this.gap),
    };
  }

  private closedWindows(seconds: number): LoadWindow[] {
    const list: LoadWindow[] = [];
    const count = Math.max(1, Math.round(seconds / this.window));
    for (let i = 0; i < count; i++) {
      const window = this.windows.get(i);
      const start = i * this.window;
      // Answers that came after the time was over belong to the last one
      const late = i === count - 1 ? [...this.windows].filter(([index]) => index > i).map(([, one]) => one) : [];
      const parts = window === undefined ? late : [window, ...late];
      list.push({
        start,
        seconds: i === count - 1 ? Math.max(1e-3, seconds - start) : this.window,
        requests: parts.reduce((all, one) => all + one.requests, 0),
        failed: parts.reduce((all, one) => all + one.failed, 0),
        latency: mergedColumns(parts.flatMap(({ latency }) => latency)),
      });
    }
    return list;
  }

  /** Requests a second of each thread in each whole window, as wrk samples them. */
  private threadRates(seconds: number): LatencyHistogram {
    const rates = new LatencyHistogram();
    const whole = Math.max(1, Math.floor(seconds / this.window + 0.01));
    // A load may be shorter than a window
    const length = Math.max(1e-3, Math.min(this.window, seconds));
    for (let i = 0; i < whole; i++) {
      const window = this.windows.get(i);
      for (let thread = 0; thread < this.threads; thread++) rates.record((window?.perThread[thread] ?? 0) / length);
    }
    return rates;
  }
}

function sum(ends: readonly ShareEnd[], key: 'unanswered' | 'unsent'): number {
  return ends.reduce((all, end) => all + end[key], 0);
}
