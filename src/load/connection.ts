import { faultOf, statusFault } from './answer-check.ts';
import type { ConnectionOwner } from './connection-owner.ts';
import { EventCounter } from './event-counter.ts';
import { InFlight } from './in-flight.ts';
import { isPlain, type RenderedRequest } from './rendered-request.ts';
import { RequestTurns } from './request-turns.ts';
import { ResponseError } from './response-bytes.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';
import { Retries } from './retries.ts';
import { type LoadSocket, openSocket } from './socket.ts';
import type { Tally } from './tally.ts';

/** Most of a body that is kept to be checked. */
const LONGEST_CHECKED = 1 << 20;

/** One socket, opened again whenever it is lost, and the requests that wait on it for an answer. */
export class Connection implements ResponseSink {
  private readonly owner: ConnectionOwner;
  private socket: LoadSocket | undefined;
  private parser: ResponseParser;
  private readonly flight: InFlight;
  private readonly turns: RequestTurns;
  /** When the last answer of this read was complete: the clock is asked once for an answer and the request that follows. */
  private answeredAt = 0;
  private readonly retries = new Retries();
  private opened = 0;
  private retry: NodeJS.Timeout | undefined;
  private ended = false;
  private keepBody = false;
  private collected = '';
  private stream: EventCounter | undefined;
  private streamStatus = 0;
  private lastEvent = 0;
  /** So many of those in flight, the first ones, are of the warm-up. */
  private uncounted = 0;
  /** A request is the same each time, and no answer is looked at but for its status. */
  private readonly plain: boolean;
  connected = false;
  /** Open model: it stands among those that have room. */
  waiting = false;

  /** @param index where in the sequence it begins, so that not all connections ask the same at once */
  constructor(owner: ConnectionOwner, index: number) {
    this.owner = owner;
    this.parser = new ResponseParser(this, owner.repeated);
    this.flight = new InFlight(owner.share.pipelining);
    this.turns = new RequestTurns(owner, this.flight, index);
    this.plain = owner.share.sequence.every(isPlain);
  }

  /** Requests that it would take now. */
  get room(): number {
    return this.connected && this.stream === undefined ? this.flight.room : 0;
  }

  /** Requests whose answer is awaited: a stream of events that has begun has answered, and need not end. */
  get awaited(): number {
    return this.stream !== undefined && this.stream.total > 0 ? 0 : this.flight.count;
  }

  get location(): string {
    return this.parser.location;
  }

  private get tally(): Tally {
    return this.uncounted > 0 ? this.owner.aside : this.owner.tally;
  }

  /** The warm-up is over: what is in flight was sent in it. */
  beginCounting(): void {
    this.uncounted = this.flight.count;
  }

  open(): void {
    this.parser = new ResponseParser(this, this.owner.repeated);
    this.opened = performance.now();
    const socket: LoadSocket = openSocket(this.owner.share, this.owner.buffer, {
      opened: () => this.opens(socket),
      read: (bytes, length) => {
        if (this.socket === socket) this.read(bytes, length);
      },
      closed: (error) => this.closes(socket, error),
    });
    this.socket = socket;
  }

  /**
   * Sends `count` requests.
   * @param now when that is
   * @param due when they should have been sent; in the closed model that is now
   */
  send(count: number, now: number, due: number): void {
    this.socket?.write(this.turns.take(count, now, due));
  }

  /** Looks whether something has taken too long. */
  checkTime(now: number): void {
    const { timeout } = this.owner.share;
    if (!this.connected) {
      if (this.socket === undefined || now - this.opened < timeout) return;
      this.retries.failed();
      this.drop();
      this.tally.failed('connect', `no connection within ${timeout / 1000} s`);
      this.owner.settled();
      this.again();
      return;
    }
    if (this.awaited === 0 || now - this.flight.sentAt < timeout) return;
    this.took(now);
    const what = this.parser.idle ? 'no answer' : 'no complete answer';
    this.tally.failed('timeout', `${what} within ${timeout / 1000} s`);
    this.pop();
    this.lose('given up after another request of the connection took too long');
    this.again();
  }

  /** Closes for good. @returns how many requests had no answer */
  end(): number {
    const unanswered = this.awaited;
    this.ended = true;
    clearTimeout(this.retry);
    this.drop();
    return unanswered;
  }

  private opens(socket: LoadSocket): void {
    if (this.socket !== socket) return;
    this.connected = true;
    this.retries.opened();
    const now = performance.now();
    this.owner.heard(now);
    this.owner.ready(this, now);
  }

  private read(bytes: Uint8Array, length: number): void {
    const { owner, parser } = this;
    owner.tally.bytes += length;
    if (this.plain && this.flight.count > 0 && parser.idle && owner.repeated.is(bytes, length)) {
      const now = performance.now();
      this.settle(owner.repeated.status, now);
      owner.ready(this, now);
      return;
    }
    this.parse(parser, bytes, length);
  }

  private parse(parser: ResponseParser, bytes: Uint8Array, length: number): void {
    this.answeredAt = 0;
    try {
      parser.feed(bytes, length);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      // What follows an answer that closed its connection is nobody's
      if (parser !== this.parser) return;
      this.tally.failed('parse', error.message);
      if (this.flight.count > 0) this.pop();
      this.lose('given up after what came on the connection was no HTTP');
      this.again();
      return;
    }
    if (this.connected && this.room > 0) this.owner.ready(this, this.answeredAt || performance.now());
  }

  headless(): boolean {
    if (this.flight.count === 0) throw new ResponseError('an answer that nobody asked for');
    return this.request.head;
  }

  head(status: number, eventStream: boolean): void {
    if (eventStream) this.stream = new EventCounter();
    this.streamStatus = status;
    const { body, jsonRpc } = this.request;
    this.keepBody = !eventStream && (body !== undefined || jsonRpc);
    this.collected = '';
  }

  body(bytes: Uint8Array, from: number, to: number): void {
    if (this.stream !== undefined) {
      const events = this.stream.count(bytes, from, to);
      if (events > 0) this.eventsCame(events);
    } else if (this.keepBody && this.collected.length < LONGEST_CHECKED) {
      this.collected += Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
    }
  }

  complete(status: number, keepAlive: boolean): void {
    const now = performance.now();
    this.answeredAt = now;
    if (this.stream === undefined || this.stream.total === 0) {
      const fault = faultOf(this.request, status, this.collected);
      if (fault !== undefined) this.tally.failed(...fault);
      this.settle(status, now);
    } else this.over(now);
    if (keepAlive) return;
    this.lose('sent on a connection that the server then closed');
    if (!this.ended) this.open();
  }

  /** The oldest request was answered. */
  private settle(status: number, now: number): void {
    this.tally.answered(status);
    this.took(now);
    this.over(now);
  }

  /** @returns microseconds since the oldest request was sent */
  private took(now: number): number {
    const { sentAt, dueAt } = this.flight;
    const micros = (now - sentAt) * 1000;
    this.tally.took(micros, (now - dueAt) * 1000);
    return micros;
  }

  /** Nothing more comes of the oldest request. */
  private over(now: number): void {
    this.stream = undefined;
    this.retries.answered();
    this.pop();
    this.owner.heard(now);
  }

  private get request(): RenderedRequest {
    return this.owner.share.sequence[this.flight.request]!;
  }

  private eventsCame(events: number): void {
    const now = performance.now();
    const { tally } = this;
    if (this.stream!.total === events) {
      tally.answered(this.streamStatus);
      tally.streamBegan(this.took(now));
      // Its body has no end to wait for
      const fault = statusFault(this.request.status, this.streamStatus);
      if (fault !== undefined) tally.failed(...fault);
    } else {
      // Events count when they come, whenever their stream was asked for
      this.owner.tally.event((now - this.lastEvent) * 1000);
    }
    for (let more = 1; more < events; more++) this.owner.tally.event(0);
    this.lastEvent = now;
    this.owner.heard(now);
  }

  private pop(): void {
    this.flight.pop();
    if (this.uncounted > 0) this.uncounted--;
    this.owner.settled();
  }

  /** The socket has ended, by the other side or by an error. */
  private closes(socket: LoadSocket, error: NodeJS.ErrnoException | undefined): void {
    if (this.socket !== socket) return;
    if (!this.connected) {
      this.retries.failed();
      this.drop();
      const { tally } = this;
      tally.failed('connect', error?.message ?? 'the connection was closed before it was made');
      if (error?.code === 'ECONNREFUSED') tally.failed('refused', error.message);
      this.owner.settled();
      this.again();
      return;
    }
    const amid = !this.parser.idle;
    // An answer may last until its connection is closed
    const whole = error === undefined && this.flight.count > 0 && this.parser.close();
    if (this.socket !== socket) return;
    if (this.stream !== undefined && this.stream.total > 0) {
      // A stream has no length that would be missed
      this.stream = undefined;
      this.pop();
    } else if (amid && !whole && this.flight.count > 0) {
      this.tally.failed('truncated', 'the connection was closed amid an answer');
    }
    this.lose(error?.message ?? (amid ? 'closed amid an answer' : 'closed without an answer'));
    this.again();
  }

  /** Gives up the socket; what waited on it has failed. */
  private lose(why: string): void {
    this.drop();
    while (this.flight.count > 0) {
      this.tally.failed('reset', why);
      this.pop();
    }
  }

  private drop(): void {
    const { socket } = this;
    this.socket = undefined;
    this.connected = false;
    this.stream = undefined;
    socket?.destroy();
  }

  private again(): void {
    if (this.ended) return;
    const { wait } = this.retries;
    if (wait === 0) this.open();
    else this.retry = setTimeout(() => this.open(), wait);
  }
}
