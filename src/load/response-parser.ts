import type { RepeatedAnswer } from './repeated-answer.ts';
import { checkStart, digits, named, ResponseError, shown, text } from './response-bytes.ts';

/** Who is told what a {@link ResponseParser} finds. */
export interface ResponseSink {
  /** Whether the answer that comes now is one to a HEAD request; throws {@link ResponseError} where none is due. */
  headless(): boolean;
  /** The head is complete. */
  head(status: number, eventStream: boolean): void;
  /** A piece of the body, valid during the call. */
  body(bytes: Uint8Array, from: number, to: number): void;
  /** The answer is complete. */
  complete(status: number, keepAlive: boolean): void;
}

const LINE = { status: 0, header: 1, chunkSize: 2, trailer: 3 } as const;
const FIXED = 4;
const CHUNK = 5;
const CHUNK_END = 6;
const UNTIL_CLOSE = 7;

/** A line of a head that is longer is none; servers and browsers allow 8 to 256 KiB for a whole head. */
const LONGEST_LINE = 1 << 16;
const MOST_HEADERS = 1000;

const LF = 10;
const CR = 13;
const COLON = 58;

/**
 * Reads answers of HTTP/1.x from a connection as bytes come in, cut at any place, several in a row: RFC 9112. Bodies by
 * Content-Length, chunked, or up to the end of the connection; interim answers (1xx) are passed over.
 */
export class ResponseParser {
  private readonly sink: ResponseSink;
  private state: number = LINE.status;
  /** The begin of a line whose end has not come. */
  private carry: Uint8Array = new Uint8Array(256);
  private carried = 0;
  private status = 0;
  private keepAlive = true;
  private chunked = false;
  private length = -1;
  private eventStream = false;
  private headers = 0;
  /** Bytes of the body or of the chunk that are still to come. */
  private left = 0;
  private readonly repeated: RepeatedAnswer;
  /** Answers that have come to their end. */
  private answers = 0;
  /** The body of the last answer is as long as its head said, and nothing stands behind it. */
  private bodied = false;
  /** Where an answer says that it has moved to. */
  location = '';

  /** @param repeated the last answer of any connection: one that is like it is not parsed again */
  constructor(sink: ResponseSink, repeated: RepeatedAnswer) {
    this.sink = sink;
    this.repeated = repeated;
  }

  /** True between answers. */
  get idle(): boolean {
    return this.state === LINE.status && this.carried === 0;
  }

  /** @throws {ResponseError} what comes is no answer */
  feed(bytes: Uint8Array, end: number): void {
    if (!this.idle) this.parse(bytes, end);
    else if (this.repeated.is(bytes, end) && !this.sink.headless()) this.again(bytes, end);
    else {
      const { answers } = this;
      this.parse(bytes, end);
      if (this.answers === answers + 1 && this.idle) this.keepAnswer(bytes, end);
    }
  }

  /** What {@link parse} would tell of an answer that is like the last one. */
  private again(bytes: Uint8Array, end: number): void {
    const { bodyAt, status } = this.repeated;
    this.sink.head(status, false);
    if (bodyAt < end) this.sink.body(bytes, bodyAt, end);
    this.sink.complete(status, true);
  }

  /** Keeps the answer that was read, where its head alone tells all there is to tell. */
  private keepAnswer(bytes: Uint8Array, end: number): void {
    const plain = this.keepAlive && !this.eventStream && !this.chunked && this.bodied && this.status < 300;
    if (plain) this.repeated.keep(bytes, end - this.length, end, this.status);
  }

  private parse(bytes: Uint8Array, end: number): void {
    let at = 0;
    while (at < end) {
      const state = this.state;
      if (state <= LINE.trailer) at = this.line(bytes, at, end);
      else if (state === CHUNK_END) at = this.chunkEnd(bytes, at);
      else {
        const to = state === UNTIL_CLOSE ? end : Math.min(end, at + this.left);
        this.sink.body(bytes, at, to);
        this.left -= to - at;
        at = to;
        if (this.left === 0 && state === FIXED) this.complete();
        else if (this.left === 0 && state === CHUNK) this.state = CHUNK_END;
      }
    }
  }

  /**
   * The connection has ended.
   * @returns false where an answer was cut off by that
   */
  close(): boolean {
    if (this.state !== UNTIL_CLOSE) return this.idle;
    this.complete();
    return true;
  }

  /** Takes the rest of one line, if its end is there. */
  private line(bytes: Uint8Array, at: number, end: number): number {
    let stop = at;
    while (stop < end && bytes[stop] !== LF) stop++;
    if (stop === end || this.carried > 0) {
      this.keep(bytes, at, stop);
      if (stop === end) return end;
      const length = this.carried;
      this.carried = 0;
      this.take(this.carry, 0, length);
    } else this.take(bytes, at, stop);
    return stop + 1;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    const length = this.carried + to - from;
    if (length > LONGEST_LINE) throw new ResponseError('a line of the head is longer than 64 KiB');
    if (length > this.carry.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(this.carry.subarray(0, this.carried));
      this.carry = larger;
    }
    this.carry.set(bytes.subarray(from, to), this.carried);
    this.carried = length;
    // What is not HTTP need not have lines
    if (this.state === LINE.status) checkStart(this.carry, 0, length);
  }

  private take(bytes: Uint8Array, from: number, stop: number): void {
    const to = stop > from && bytes[stop - 1] === CR ? stop - 1 : stop;
    switch (this.state) {
      case LINE.status:
        // RFC 9112 2.2: an empty line before a message is to be ignored
        if (to > from) this.statusLine(bytes, from, to);
        else this.bodied = false;
        break;
      case LINE.header:
        if (to === from) this.headEnd();
        else this.header(bytes, from, to);
        break;
      case LINE.chunkSize:
        this.chunkSize(bytes, from, to);
        break;
      default:
        if (to === from) this.complete();
    }
  }

  private statusLine(bytes: Uint8Array, from: number, to: number): void {
    checkStart(bytes, from, to);
    const status = to - from < 12 ? Number.NaN : digits(bytes, from + 9, from + 12, 10);
    if (!(status >= 100) || bytes[from + 8] !== 32)
      throw new ResponseError(`no status line: ${shown(bytes, from, to)}`);
    this.status = status;
    this.keepAlive = bytes[from + 7] !== 48;
    this.chunked = this.eventStream = false;
    this.length = -1;
    this.headers = 0;
    this.state = LINE.header;
  }

  private header(bytes: Uint8Array, from: number, to: number): void {
    if (++this.headers > MOST_HEADERS) throw new ResponseError('the head has more than 1000 lines');
    const first = bytes[from]! | 32;
    // c of content-length, content-type, connection; t of transfer-encoding; l of location
    if (first !== 99 && first !== 116 && first !== 108) return;
    let colon = from;
    while (colon < to && bytes[colon] !== COLON) colon++;
    if (colon === to) return;
    const size = colon - from;
    if (size === 14 && named(bytes, from, 'content-length')) this.contentLength(bytes, colon + 1, to);
    else if (size === 10 && named(bytes, from, 'connection')) {
      // The commonest answer by far, without a text of its own
      if (to - colon === 12 && named(bytes, colon + 1, ' keep-alive')) {
        this.keepAlive = true;
        return;
      }
      const value = text(bytes, colon + 1, to).toLowerCase();
      if (/\bclose\b/.test(value)) this.keepAlive = false;
      else if (/\bkeep-alive\b/.test(value)) this.keepAlive = true;
    } else if (size === 17 && named(bytes, from, 'transfer-encoding')) {
      const value = text(bytes, colon + 1, to).toLowerCase();
      this.chunked = /(?:^|[\s,])chunked\s*$/.test(value);
    } else if (size === 12 && named(bytes, from, 'content-type')) {
      this.eventStream = to - colon > 17 && /^\s*text\/event-stream\b/i.test(text(bytes, colon + 1, to));
    } else if (size === 8 && this.status >= 300 && this.status < 400 && named(bytes, from, 'location')) {
      this.location = text(bytes, colon + 1, to).trim();
    }
  }

  private contentLength(bytes: Uint8Array, start: number, to: number): void {
    let [from, end] = [start, to];
    while (from < end && (bytes[from] === 32 || bytes[from] === 9)) from++;
    while (end > from && (bytes[end - 1] === 32 || bytes[end - 1] === 9)) end--;
    const length = digits(bytes, from, end, 10);
    if (!Number.isSafeInteger(length) || (this.length >= 0 && this.length !== length)) {
      throw new ResponseError(`Content-Length is no length: ${shown(bytes, from, to)}`);
    }
    this.length = length;
  }

  private headEnd(): void {
    const { status } = this;
    if (status < 200) {
      if (status === 101) throw new ResponseError('the server switched to another protocol (status 101)');
      this.state = LINE.status;
      this.bodied = false;
      return;
    }
    const headless = this.sink.headless();
    this.sink.head(status, this.eventStream);
    this.bodied = !headless && status !== 204 && this.length >= 0;
    if (headless || status === 204 || status === 304) this.complete();
    else if (this.chunked) this.state = LINE.chunkSize;
    else if (this.length >= 0) {
      this.left = this.length;
      this.state = FIXED;
      if (this.left === 0) this.complete();
    } else {
      this.keepAlive = false;
      this.left = Number.POSITIVE_INFINITY;
      this.state = UNTIL_CLOSE;
    }
  }

  private chunkSize(bytes: Uint8Array, from: number, to: number): void {
    let end = from;
    while (end < to && bytes[end] !== 59 && bytes[end] !== 32 && bytes[end] !== 9) end++;
    const size = digits(bytes, from, end, 16);
    if (!Number.isSafeInteger(size)) throw new ResponseError(`no size of a chunk: ${shown(bytes, from, to)}`);
    this.left = size;
    this.state = size === 0 ? LINE.trailer : CHUNK;
  }

  /** CR LF, or LF alone, after the bytes of a chunk. */
  private chunkEnd(bytes: Uint8Array, at: number): number {
    const byte = bytes[at];
    if (byte === LF) {
      this.state = LINE.chunkSize;
    } else if (byte !== CR) throw new ResponseError('a chunk is longer than its size');
    return at + 1;
  }

  private complete(): void {
    this.state = LINE.status;
    this.answers++;
    this.sink.complete(this.status, this.keepAlive);
  }
}
