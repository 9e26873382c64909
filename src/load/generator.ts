import { Connection } from './connection.ts';
import type { ConnectionOwner } from './connection-owner.ts';
import { RepeatedAnswer } from './repeated-answer.ts';
import type { LoadShare, ShareEnd, WindowCounts } from './share.ts';
import { Tally } from './tally.ts';

/** How often time-outs are looked for: milliseconds. */
const SWEEP_MS = 20;
/** Rounds of refused connections after which a server that was never there is given up. */
const HOPELESS = 3;
/** How long a server may be away, beside the time-out, in a load of so many requests. */
const GONE_MS = 1_000;
/** A server that has answered and then says nothing for this long at the end is told as silent: milliseconds. */
const SILENT_MS = 500;

/** Timers are a millisecond late; nearer than this the loop asks the clock. Milliseconds. */
const NEAR_MS = 2;
/** The thread sleeps up to this long before a request is due. Milliseconds. */
const WAKE_MS = 0.06;

/**
 * A thread that asks the clock all the time is taken off its CPU where others want it, for longer than one that sleeps. When
 * that has happened (it was away for so long) it sleeps for a while, a millisecond at a time. Milliseconds.
 */
const AWAY_MS = 1.5;
const SLEEP_FOR_MS = 250;

/** One thread's load: its connections, the schedule of the open model, windows, and the end. */
export class Generator implements ConnectionOwner {
  readonly share: LoadShare;
  readonly buffer = new Uint8Array(1 << 16);
  readonly repeated = new RepeatedAnswer(this.buffer);
  readonly tally: Tally;
  readonly aside: Tally;
  private readonly tell: (message: WindowCounts | ShareEnd | { kind: 'counting' }) => void;
  private readonly connections: Connection[] = [];
  /** Open model: connections that have room, and when the next request is due. */
  private readonly free: Connection[] = [];
  private readonly interval: number;
  /** Requests in all, as far as that is known beforehand. */
  private readonly most: number;
  private started = 0;
  private windowIndex = 0;
  private accepting = true;
  private counting = false;
  private done = false;
  private ending = false;
  private issued = 0;
  private settledCount = 0;
  private id: number;
  private lastHeard = 0;
  private everConnected = false;
  private hadRoom = true;
  /** When {@link tick} is to run again: one of the two. */
  private next: NodeJS.Timeout | undefined;
  private soon: NodeJS.Immediate | undefined;
  /** Whether the loop went straight on after the last tick, when that was, and until when it sleeps instead. */
  private awake = false;
  private lastTick = 0;
  private sleepUntil = 0;
  private readonly sleeper = new Int32Array(new SharedArrayBuffer(4));
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(share: LoadShare, tell: Generator['tell']) {
    this.share = share;
    this.tell = tell;
    this.tally = new Tally(share.rate !== undefined);
    // Without a warm-up nothing is put there
    this.aside = share.warmup > 0 ? new Tally(share.rate !== undefined) : this.tally;
    this.interval = share.rate === undefined ? 0 : 1000 / share.rate;
    this.id = share.firstId;
    // In the open model no more than are due within the duration
    const due = share.duration === undefined ? Number.POSITIVE_INFINITY : share.duration / this.interval - share.phase;
    this.most = share.requests ?? (share.rate === undefined ? Number.POSITIVE_INFINITY : Math.ceil(due - 1e-6));
  }

  start(): void {
    const { connections, warmup } = this.share;
    this.started = performance.now();
    for (let i = 0; i < connections; i++) this.connections.push(new Connection(this, i));
    for (const connection of this.connections) connection.open();
    this.timers.push(setInterval(() => this.sweep(), SWEEP_MS));
    if (warmup > 0) this.timers.push(setTimeout(() => this.count(), warmup));
    else this.count();
    if (warmup > 0 && this.share.rate !== undefined) this.tick();
  }

  /** @param atOnce without waiting for answers */
  stop(atOnce: boolean): void {
    // What was due a moment ago
    if (this.share.rate !== undefined && !atOnce) this.dispatch();
    this.accepting = false;
    if (atOnce || this.inFlight() === 0) this.finish();
  }

  nextId(): number {
    return this.id++;
  }

  heard(now: number): void {
    this.everConnected = true;
    this.lastHeard = now;
  }

  ready(connection: Connection, now: number): void {
    if (this.share.rate === undefined) {
      if (!this.accepting) return;
      let count = connection.room;
      if (this.counting && count > this.most - this.issued) count = this.most - this.issued;
      if (count === 0) return;
      this.issued += count;
      connection.send(count, now, now);
    } else {
      if (!connection.waiting) this.free.push(connection);
      connection.waiting = true;
      this.dispatch();
    }
  }

  settled(): void {
    this.settledCount++;
    const last = this.share.requests !== undefined && this.left() === 0;
    if (this.ending || (this.accepting && !last)) return;
    // All that comes in one turn of the loop is looked at once
    this.ending = true;
    setImmediate(() => {
      this.ending = false;
      if (this.inFlight() > 0) return;
      this.accepting = false;
      this.finish();
    });
  }

  /** Requests that may still be sent. */
  private left(): number {
    return this.counting ? this.most - this.issued : Number.POSITIVE_INFINITY;
  }

  private inFlight(): number {
    let sum = 0;
    for (const connection of this.connections) sum += connection.awaited;
    return sum;
  }

  /** The warm-up is over: what was counted so far is forgotten. */
  private count(): void {
    const { duration, window } = this.share;
    this.tally.take(0);
    this.tally.examples.clear();
    for (const connection of this.connections) connection.beginCounting();
    this.started = performance.now();
    this.lastHeard = this.started;
    this.issued = 0;
    this.counting = true;
    this.tell({ kind: 'counting' });
    if (this.share.rate !== undefined) {
      // The schedule begins anew, perhaps before the next request of the old one
      clearTimeout(this.next);
      clearImmediate(this.soon);
      this.tick();
    }
    this.timers.push(setInterval(() => this.closeWindows(), window));
    if (duration !== undefined) this.timers.push(setTimeout(() => this.stop(false), duration));
  }

  private closeWindows(): void {
    const now = Math.floor((performance.now() - this.started) / this.share.window + 0.05);
    if (now <= this.windowIndex) return;
    this.tell(this.tally.take(this.windowIndex));
    this.windowIndex = now;
  }

  private sweep(): void {
    const now = performance.now();
    for (const connection of this.connections) connection.checkTime(now);
    if (!this.counting) return;
    // As long as nobody was reached, whatever has settled has failed
    const neverThere = !this.everConnected && this.settledCount >= HOPELESS * this.connections.length;
    // A number of requests would never be reached once the server is gone
    const gone =
      this.share.duration === undefined && this.dead() && now - this.lastHeard > this.share.timeout + GONE_MS;
    if (neverThere || gone) this.finish();
  }

  private dead(): boolean {
    return this.connections.every(({ connected }) => !connected);
  }

  /** Open model: sends what is due, and comes back when the next is. */
  private readonly tick = (): void => {
    if (this.done || !this.accepting) return;
    this.dispatch();
    if (this.left() === 0) return;
    const now = performance.now();
    if (this.awake && now - this.lastTick > AWAY_MS) this.sleepUntil = now + SLEEP_FOR_MS;
    this.lastTick = now;
    this.awake = false;
    const wait = this.dueAt(this.issued) - now;
    // Where all connections are busy the next answer sends what is due
    if (wait <= 0 && this.free.length === 0) this.next = setTimeout(this.tick, 1);
    else if (wait > NEAR_MS) this.next = setTimeout(this.tick, wait - NEAR_MS + 0.5);
    else if (now < this.sleepUntil && wait > 0) this.next = setTimeout(this.tick, 1);
    else {
      this.awake = true;
      if (wait > WAKE_MS * 2 && this.inFlight() === 0) Atomics.wait(this.sleeper, 0, 0, wait - WAKE_MS);
      this.soon = setImmediate(this.tick);
    }
  };

  private dueAt(index: number): number {
    return this.started + (index + this.share.phase) * this.interval;
  }

  private dispatch(): void {
    if (!this.accepting) return;
    for (;;) {
      const now = performance.now();
      const due = this.dueAt(this.issued);
      if (due > now || this.left() <= 0) {
        this.hadRoom = this.free.length > 0;
        return;
      }
      const connection = this.free[0];
      if (connection === undefined) {
        this.hadRoom = false;
        return;
      }
      this.free.shift();
      connection.waiting = false;
      if (connection.room <= 0) continue;
      if (this.hadRoom) this.tally.late((now - due) * 1000);
      this.issued++;
      connection.send(1, now, due);
      if (connection.room === 0) continue;
      connection.waiting = true;
      this.free.push(connection);
    }
  }

  private finish(): void {
    if (this.done) return;
    this.done = true;
    for (const timer of this.timers) clearInterval(timer);
    const now = performance.now();
    const { duration, rate } = this.share;
    const planned = duration === undefined ? 0 : Math.min(duration, now - this.started);
    const due = rate === undefined ? 0 : Math.ceil(planned / this.interval - this.share.phase - 1e-6);
    const location = this.connections.find((one) => one.location !== '')?.location ?? '';
    const dead = this.dead();
    let unanswered = 0;
    for (const connection of this.connections) unanswered += connection.end();
    const silent = Math.min(now, this.started + (duration ?? now)) - this.lastHeard;
    const last = Math.max(this.lastHeard - this.started, planned);
    this.tell(this.tally.take(this.windowIndex));
    this.tell({
      kind: 'end',
      elapsed: last > 0 ? last : now - this.started,
      unanswered,
      unsent: Math.max(0, due - this.issued),
      silent: this.everConnected && silent > SILENT_MS ? silent : undefined,
      everConnected: this.everConnected,
      dead,
      examples: [...this.tally.examples],
      location,
    });
  }
}
