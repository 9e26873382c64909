import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { ConsoleSnapshot } from '../snapshot.ts';
import type { ConsoleSource, SourceEnd } from '../source.ts';
import { type Address, readAddress } from './address.ts';
import type { TaskDetails } from './details-message.ts';
import { Link, type LinkEvents } from './link.ts';
import { Program } from './program.ts';
import type { Update } from './update-message.ts';

export interface TokioOptions {
  /** Seconds that tasks and resources are shown after their end; Infinity: always. Default: 6, as tokio-console has it. */
  readonly retainFor?: number;
  /** Milliseconds that a poll may take without a warning. Default: 20. */
  readonly longPoll?: number;
  /** Seconds without connection after which it is given up. Default: Infinity, as a program may be started again. */
  readonly giveUpAfter?: number;
  /** Milliseconds for connecting, and for the first update. Default: 5000. */
  readonly patience?: number;
}

/** Milliseconds before the first attempt to connect again; each further one waits twice as long, up to the last. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;
/** Milliseconds without update after which a subscriber, which sends each second, is asked whether it is there. */
const SILENCE = 3_000;

/**
 * Watches a Rust program by its console-subscriber (console-api's `Instrument` service).
 * @param url `http://127.0.0.1:6669`, `127.0.0.1:6669` or `file:///path/of/a.sock`
 * @returns when the first update is there. From then on a lost connection is opened again
 * @throws {UserError} the address is none; nobody is there; who is there is no console-subscriber
 */
export async function connectTokio(url: string, options: TokioOptions = {}): Promise<ConsoleSource> {
  const source = new TokioSource(readAddress(url), options);
  await source.connect();
  void source.keepConnected();
  return source;
}

class TokioSource implements ConsoleSource, LinkEvents {
  readonly ended: Promise<SourceEnd>;
  private readonly address: Address;
  private readonly patience: number;
  private readonly giveUpAfter: number;
  private readonly program: Program;
  private readonly listeners: ((snapshot: ConsoleSnapshot) => void)[] = [];
  private readonly leaving = new AbortController();
  /** Seconds since 1970. */
  private readonly epoch = Math.floor(Date.now() / 1e3);
  private readonly watchdog = setInterval(() => void this.askIfSilent(), 1_000);
  private finish: (end: SourceEnd) => void = () => {};
  private link: Link | undefined;
  /** The task whose histograms are wanted, and whether they have come. */
  private detailed: string | undefined;
  private hasDetails = false;
  private isPaused = false;
  /** We paused it: it is resumed when we leave. */
  private didPause = false;
  private isAsking = false;
  /** What is to be said of the connection; '' while all is well. */
  private trouble = '';
  private latest: ConsoleSnapshot | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    address: Address,
    { retainFor = 6, longPoll = 20, giveUpAfter = Infinity, patience = 5_000 }: TokioOptions,
  ) {
    this.address = address;
    this.patience = patience;
    this.giveUpAfter = giveUpAfter;
    this.program = new Program(this.epoch, { retainFor: retainFor * 1e9, longPoll: longPoll * 1e6 });
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  /** @throws {UserError} as {@link connectTokio} */
  async connect(): Promise<void> {
    this.link = await Link.open(this.address, this.epoch, this, this.patience).catch((error: unknown) => {
      if (this.latest === undefined) clearInterval(this.watchdog);
      throw error;
    });
    if (this.leaving.signal.aborted) this.link.close();
    if (this.detailed !== undefined) this.link.watch(this.detailed);
    if (this.didPause) await this.link.setPaused(true);
  }

  /** Opens the connection again whenever it breaks, until the console is left or it has been given up. */
  async keepConnected(): Promise<void> {
    while (this.link !== undefined && !this.leaving.signal.aborted) {
      const why = await this.link.lost;
      this.link = undefined;
      if (!this.leaving.signal.aborted) await this.reconnect(`${this.address.title} ${why}`);
    }
  }

  onUpdate(update: Update, isFirst: boolean): void {
    this.program.apply(update, isFirst);
    this.trouble = '';
    this.emit();
  }

  onDetails(details: TaskDetails): void {
    if (details.task !== this.detailed) return;
    this.program.detail(details);
    // Later ones come with each update
    if (!this.hasDetails) this.emit();
    this.hasDetails = true;
  }

  onPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    this.emit();
  }

  onSnapshot(listener: (snapshot: ConsoleSnapshot) => void): void {
    this.listeners.push(listener);
    const { latest } = this;
    if (latest !== undefined) queueMicrotask(() => listener(latest));
  }

  details(task: string | undefined): void {
    if (this.detailed === task) return;
    if (this.detailed !== undefined) this.program.forgetDetails(this.detailed);
    this.detailed = task;
    this.hasDetails = false;
    this.link?.watch(task);
  }

  pause(): Promise<void> {
    return this.setPaused(true);
  }

  resume(): Promise<void> {
    return this.setPaused(false);
  }

  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async setPaused(isPaused: boolean): Promise<void> {
    const failure = this.link === undefined ? 'is not connected' : await this.link.setPaused(isPaused);
    if (failure === undefined) {
      this.didPause = isPaused;
      this.isPaused = isPaused;
    } else {
      this.trouble = `${this.address.title} could not be ${isPaused ? 'paused' : 'resumed'}: it ${failure}`;
    }
    this.emit();
  }

  private async leave(): Promise<void> {
    this.leaving.abort();
    clearInterval(this.watchdog);
    if (this.didPause) await this.link?.setPaused(false);
    this.link?.close();
    this.finish({ how: 'left', text: `left ${this.address.title}` });
  }

  private async reconnect(why: string): Promise<void> {
    const lostAt = performance.now();
    let text = why;
    for (let pause = FIRST_WAIT; this.link === undefined; pause = Math.min(2 * pause, LONGEST_WAIT)) {
      if (performance.now() - lostAt >= this.giveUpAfter * 1e3) return this.giveUp(text);
      this.trouble = `${text}; trying again in ${pause / 1e3} s`;
      this.emit();
      try {
        await wait(pause, undefined, { signal: this.leaving.signal });
        await this.connect();
      } catch (error) {
        if (this.leaving.signal.aborted) return;
        if (!(error instanceof UserError)) throw error;
        text = error.message;
      }
    }
  }

  private giveUp(text: string): void {
    clearInterval(this.watchdog);
    this.trouble = text;
    this.emit('ended');
    this.finish({ how: 'lost', text });
  }

  /** A program that is stopped, or a network that is gone, says nothing, and never says that. */
  private async askIfSilent(): Promise<void> {
    const { link } = this;
    const silence = link === undefined ? 0 : performance.now() - link.lastUpdate;
    if (link === undefined || silence < SILENCE || this.isAsking) return;
    this.isAsking = true;
    const isAlive = await link.isAlive();
    this.isAsking = false;
    if (!isAlive || this.isPaused || this.link !== link || performance.now() - link.lastUpdate < SILENCE) return;
    this.trouble = `no update for ${Math.round(silence / 1e3)} s: another console may have paused the program's subscriber`;
    this.emit();
  }

  private emit(state: ConsoleSnapshot['state'] = this.isPaused ? 'paused' : 'running'): void {
    const notes = this.trouble === '' ? [] : [this.trouble];
    this.latest = this.program.snapshot(this.address.title, state, notes);
    for (const listener of this.listeners) listener(this.latest);
  }
}
