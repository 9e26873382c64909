import { LatencyHistogram } from './histogram.ts';
import { ERROR_KINDS, type ErrorKind, noErrors } from './result.ts';
import type { WindowCounts } from './share.ts';

/** What a thread counts in the window that is open. */
export class Tally {
  private readonly latency = new LatencyHistogram();
  private readonly corrected = new LatencyHistogram();
  private readonly lateness = new LatencyHistogram();
  private readonly firstEvent = new LatencyHistogram();
  private readonly gap = new LatencyHistogram();
  private readonly statuses = new Float64Array(1000);
  private errors = noErrors();
  private readonly open: boolean;
  private streams = 0;
  private events = 0;
  requests = 0;
  bytes = 0;
  /** One in words of each kind, over all windows. */
  readonly examples = new Map<ErrorKind, string>();

  /** @param open whether requests are due at times of their own */
  constructor(open: boolean) {
    this.open = open;
  }

  /**
   * A request came to its end.
   * @param micros since it was sent
   * @param sinceDue since it was due; heeded in the open model only
   */
  took(micros: number, sinceDue: number): void {
    this.latency.record(micros);
    if (this.open) this.corrected.record(sinceDue);
  }

  answered(status: number): void {
    this.requests++;
    this.statuses[status]!++;
  }

  /** The generator sent a request this late though a connection was free. */
  late(micros: number): void {
    this.lateness.record(micros);
  }

  failed(kind: ErrorKind, example: string): void {
    this.errors[kind]++;
    if (!this.examples.has(kind)) this.examples.set(kind, example.slice(0, 300));
  }

  streamBegan(micros: number): void {
    this.streams++;
    this.events++;
    this.firstEvent.record(micros);
  }

  event(gap: number): void {
    this.events++;
    this.gap.record(gap);
  }

  /** Hands over what was counted and begins anew. */
  take(index: number): WindowCounts {
    const { requests, bytes, open, events, streams } = this;
    const counts: WindowCounts = {
      kind: 'window',
      index,
      requests,
      bytes,
      errors: ERROR_KINDS.map((kind) => this.errors[kind]),
      statuses: seen(this.statuses),
      latency: taken(this.latency),
      corrected: open ? taken(this.corrected) : undefined,
      lateness: open ? taken(this.lateness) : undefined,
      events: events === 0 ? undefined : { streams, events, firstEvent: taken(this.firstEvent), gap: taken(this.gap) },
    };
    this.statuses.fill(0);
    this.errors = noErrors();
    this.requests = this.bytes = this.events = this.streams = 0;
    return counts;
  }
}

/** A loop of its own, so that V8 does not compile all of {@link Tally.take} for it: that takes as long as 10,000 requests. */
function seen(statuses: Float64Array): [number, number][] {
  const found: [number, number][] = [];
  for (let status = 0; status < statuses.length; status++) {
    if (statuses[status]! > 0) found.push([status, statuses[status]!]);
  }
  return found;
}

function taken(histogram: LatencyHistogram): WindowCounts['latency'] {
  const columns = histogram.columns();
  if (columns.value.length > 0) histogram.clear();
  return columns;
}
