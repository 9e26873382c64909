import type { HistogramColumns } from './histogram.ts';
import type { RenderedRequest } from './rendered-request.ts';
import type { ErrorKind } from './result.ts';

/** What one thread of a load does: its part of the plan, all that can be known beforehand worked out. */
export interface LoadShare {
  readonly address: string;
  readonly port: number;
  /** The name to check the certificate against; undefined without TLS. */
  readonly serverName: string | undefined;
  readonly insecure: boolean;
  readonly connections: number;
  /** Milliseconds; undefined where `requests` ends it. */
  readonly duration: number | undefined;
  readonly requests: number | undefined;
  /** Requests a second of this thread; undefined in the closed model. */
  readonly rate: number | undefined;
  /** The first request of this thread is due after this part of its interval, so that threads take turns. */
  readonly phase: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly warmup: number;
  readonly window: number;
  readonly pipelining: number;
  readonly sequence: readonly RenderedRequest[];
  /** Begin of this thread's ids. */
  readonly firstId: number;
}

/** What a thread counted in one window. */
export interface WindowCounts {
  readonly kind: 'window';
  readonly index: number;
  readonly requests: number;
  readonly bytes: number;
  /** In the order of ERROR_KINDS. */
  readonly errors: readonly number[];
  readonly statuses: readonly (readonly [status: number, count: number])[];
  readonly latency: HistogramColumns;
  readonly corrected: HistogramColumns | undefined;
  readonly lateness: HistogramColumns | undefined;
  readonly events: EventCounts | undefined;
}

/** Streams that began, events that came, microseconds to the first and between them. */
interface EventCounts {
  readonly streams: number;
  readonly events: number;
  readonly firstEvent: HistogramColumns;
  readonly gap: HistogramColumns;
}

/** A thread has ended. */
export interface ShareEnd {
  readonly kind: 'end';
  /** Milliseconds that were counted. */
  readonly elapsed: number;
  readonly unanswered: number;
  readonly unsent: number;
  /** Milliseconds from the last answer to the end; undefined where the server still answered. */
  readonly silent: number | undefined;
  readonly everConnected: boolean;
  /** No connection was there at the end. */
  readonly dead: boolean;
  readonly examples: readonly (readonly [ErrorKind, string])[];
  readonly location: string;
}

export type WorkerMessage = { readonly kind: 'ready' } | { readonly kind: 'counting' } | WindowCounts | ShareEnd;
export type WorkerOrder = 'go' | 'stop';
