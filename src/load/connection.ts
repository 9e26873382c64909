import type { Socket } from 'node:net';
import { faultOf, statusFault } from './answer-check.ts';
import { EventCounter } from './event-counter.ts';
import type { RenderedRequest } from './rendered-request.ts';
import { ResponseError, ResponseParser, type ResponseSink } from './response-parser.ts';
import type { LoadShare } from './share.ts';
import { openSocket } from './socket.ts';
import type { Tally } from './tally.ts';

/** What a connection asks of its thread. */
export interface ConnectionOwner {
  readonly share: LoadShare;
  readonly tally: Tally;
  /** For requests of the warm-up that end after it: nobody looks at it. */
  readonly aside: Tally;
  /** All sockets of a thread read into these bytes: a callback has done with them before the next read. */
  readonly buffer: Uint8Array;
  /** Room for more requests: the thread may call `send`. */
  ready(connection: Connection): void;
  /** A request came to its end, good or bad. */
  settled(): void;
  nextId(): number;
  /** The server can be reached, or said something. */
  heard(now: number): void;
}

/** First wait before a connection that failed is tried again, and the longest: milliseconds. */
const RETRY_MS = 20;
const LONGEST_RETRY_MS = 1_000;
/** So many connections in a row may be lost without an answer before there is a wait: some servers reset a few. */
const FREE_RETRIES = 4;
/** Most of a body that is kept to be checked. */
const LONGEST_CHECKED = 1 << 20;

/** One socket, opened again whenever it is lost, and the requests that wait on it for an answer. */
export class Connection implements ResponseSink {
  private readonly owner: ConnectionOwner;
  private socket: Socket | undefined;
  private parser = new ResponseParser(this);
  /** A ring of what is in flight: when it was sent, when it was due, which request of the sequence. */
  private readonly sent: Float64Array;
  private readonly due: Float64Array;
  private readonly which: Int32Array;
  private first = 0;
  private turn = 0;
  private failures = 0;
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
  /** Connections in a row that gave no answer. */
  private barren = 0;
  connected = false;
  inFlight = 0;
  /** Open model: it stands among those that have room. */
  waiting = false;

  /** @param index where in the sequence it begins, so that not all connections ask the same at once */
  constructor(owner: ConnectionOwner, index: number) {
    this.owner = owner;
    const room = owner.share.pipelining;
    this.sent = new Float64Array(room);
    this.due = new Float64Array(room);
    this.which = new Int32Array(room);
    this.turn = index % owner.share.sequence.length;
  }

  /** Requests that it would take now. */
  get room(): number {
    return this.connected && this.stream === undefined ? this.sent.length - this.inFlight : 0;
  }

  /** Requests whose answer is awaited: a stream of events that has begun has answered, and need not end. */
  get awaited(): number {
    return this.stream !== undefined && this.stream.total > 0 ? 0 : this.inFlight;
  }

  get location(): string {
    return this.parser.location;
  }

  private get tally(): Tally {
    return this.uncounted > 0 ? this.owner.aside : this.owner.tally;
  }

  /** The warm-up is over: what is in flight was sent in it. */
  beginCounting(): void {
    this.uncounted = this.inFlight;
  }

  open(): void {
    this.parser = new ResponseParser(this);
    this.opened = performance.now();
    const socket: Socket = openSocket(this.owner.share, this.owner.buffer, {
      opened: () => this.opens(socket),
      read: (bytes, length) => {
        if (this.socket === socket) this.read(bytes, length);
      },
      closed: (error) => this.closes(socket, error),
    });
    this.socket = socket;
  }

  /** Sends `count` requests. @param due when they should have been sent; undefined in the closed model */
  send(count: number, due: number | undefined): void {
    const { sequence } = this.owner.share;
    const now = performance.now();
    let text = '';
    for (let i = 0; i < count; i++) {
      const slot = (this.first + this.inFlight) % this.sent.length;
      this.sent[slot] = now;
      this.due[slot] = due ?? now;
      this.which[slot] = this.turn;
      const { pieces } = sequence[this.turn]!;
      const one = pieces.length === 1 ? pieces[0]! : pieces.join(String(this.owner.nextId()));
      text = i === 0 ? one : text + one;
      this.turn = this.turn + 1 === sequence.length ? 0 : this.turn + 1;
      this.inFlight++;
    }
    this.socket?.write(text, 'latin1');
  }

  /** Looks whether something has taken too long. */
  checkTime(now: number): void {
    const { timeout } = this.owner.share;
    if (!this.connected) {
      if (this.socket === undefined || now - this.opened < timeout) return;
      this.failures++;
      this.drop();
      this.tally.failed('connect', `no connection within ${timeout / 1000} s`);
      this.owner.settled();
      this.again();
      return;
    }
    if (this.awaited === 0 || now - this.sent[this.first]! < timeout) return;
    const micros = (now - this.sent[this.first]!) * 1000;
    this.tally.took(micros, (now - this.due[this.first]!) * 1000);
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

  private opens(socket: Socket): void {
    if (this.socket !== socket) return;
    this.connected = true;
    this.failures = 0;
    this.barren++;
    this.owner.heard(performance.now());
    this.owner.ready(this);
  }

  private read(bytes: Uint8Array, length: number): void {
    this.owner.tally.bytes += length;
    const { parser } = this;
    try {
      parser.feed(bytes, length);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      // What follows an answer that closed its connection is nobody's
      if (parser !== this.parser) return;
      this.tally.failed('parse', error.message);
      if (this.inFlight > 0) this.pop();
      this.lose('given up after what came on the connection was no HTTP');
      this.again();
      return;
    }
    if (this.connected && this.room > 0) this.owner.ready(this);
  }

  headless(): boolean {
    if (this.inFlight === 0) throw new ResponseError('an answer that nobody asked for');
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
    const { tally } = this;
    const now = performance.now();
    if (this.stream === undefined || this.stream.total === 0) {
      tally.answered(status);
      tally.took((now - this.sent[this.first]!) * 1000, (now - this.due[this.first]!) * 1000);
      const fault = faultOf(this.request, status, this.collected);
      if (fault !== undefined) tally.failed(...fault);
    }
    this.stream = undefined;
    this.barren = 0;
    this.pop();
    this.owner.heard(now);
    if (keepAlive) return;
    this.lose('sent on a connection that the server then closed');
    if (!this.ended) this.open();
  }

  private get request(): RenderedRequest {
    return this.owner.share.sequence[this.which[this.first]!]!;
  }

  private eventsCame(events: number): void {
    const now = performance.now();
    const { tally } = this;
    let rest = events;
    if (this.stream!.total === events) {
      rest--;
      const micros = (now - this.sent[this.first]!) * 1000;
      tally.answered(this.streamStatus);
      tally.took(micros, (now - this.due[this.first]!) * 1000);
      tally.streamBegan(micros);
      // Its body has no end to wait for
      const fault = statusFault(this.request.status, this.streamStatus);
      if (fault !== undefined) tally.failed(...fault);
    } else {
      rest--;
      // Events count when they come, whenever their stream was asked for
      this.owner.tally.event((now - this.lastEvent) * 1000);
    }
    for (; rest > 0; rest--) this.owner.tally.event(0);
    this.lastEvent = now;
    this.owner.heard(now);
  }

  private pop(): void {
    this.first = this.first + 1 === this.sent.length ? 0 : this.first + 1;
    this.inFlight--;
    if (this.uncounted > 0) this.uncounted--;
    this.owner.settled();
  }

  /** The socket has ended, by the other side or by an error. */
  private closes(socket: Socket, error: NodeJS.ErrnoException | undefined): void {
    if (this.socket !== socket) return;
    if (!this.connected) {
      this.failures++;
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
    const whole = error === undefined && this.inFlight > 0 && this.parser.close();
    if (this.socket !== socket) return;
    if (this.stream !== undefined && this.stream.total > 0) {
      // A stream has no length that would be missed
      this.stream = undefined;
      this.pop();
    } else if (amid && !whole && this.inFlight > 0) {
      this.tally.failed('truncated', 'the connection was closed amid an answer');
    }
    this.lose(error?.message ?? (amid ? 'closed amid an answer' : 'closed without an answer'));
    this.again();
  }

  /** Gives up the socket; what waited on it has failed. */
  private lose(why: string): void {
    this.drop();
    while (this.inFlight > 0) {
      this.tally.failed('reset', why);
      this.pop();
    }
    this.first = 0;
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
    const misses = Math.max(this.failures, this.barren - FREE_RETRIES);
    const wait = misses <= 0 ? 0 : Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (misses - 1));
    if (wait === 0) this.open();
    else this.retry = setTimeout(() => this.open(), wait);
  }
}
