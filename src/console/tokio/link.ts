import type { Address } from './address.ts';
import type { Call } from './call.ts';
import { Channel } from './channel.ts';
import { unreachable } from './connection-errors.ts';
import { readIsPaused, readTaskDetails, type TaskDetails, taskDetailsRequest } from './details-message.ts';
import { readUpdate, type Update } from './update-message.ts';

/** What a connection brings. */
export interface LinkEvents {
  onUpdate(update: Update, isFirst: boolean): void;
  onDetails(details: TaskDetails): void;
  /** The program's subscriber was paused or resumed, by this console or another one. */
  onPaused(isPaused: boolean): void;
}

const EMPTY = Buffer.alloc(0);
/** Milliseconds that the other side has for an answer. */
const ANSWER_TIME = 5_000;

/** A connection to a console-subscriber that sends updates, from the first of them until it breaks. */
export class Link {
  /** Why it broke, in words to follow the address; never rejects. */
  readonly lost: Promise<string>;
  /** By `performance.now()`. */
  lastUpdate = performance.now();
  private readonly channel: Channel;
  private readonly events: LinkEvents;
  private details: Call | undefined;

  private constructor(channel: Channel, updates: Call, events: LinkEvents) {
    this.channel = channel;
    this.events = events;
    this.lost = updates.ended.then(({ text }) => {
      channel.close(text);
      return text;
    });
    // Subscribers before 0.5 do not have it: nobody says then that another console has paused
    channel.call('WatchState', EMPTY, (message) => events.onPaused(readIsPaused(message)));
  }

  /**
   * Connects, and waits for the first update: it has all that there is.
   * @param epoch seconds since 1970 that times are to be counted from
   * @param patience milliseconds, for each of both
   * @throws {UserError} there is no console-subscriber, or it sends nothing that is one's
   */
  static async open(address: Address, epoch: number, events: LinkEvents, patience: number): Promise<Link> {
    const channel = await Channel.open(address, patience);
    let link: Link | undefined;
    const failure = await new Promise<string | undefined>((resolve) => {
      const settle = (text?: string): void => {
        clearTimeout(timer);
        resolve(text);
      };
      const timer = setTimeout(() => settle(`sent nothing in ${patience / 1e3} s`), patience);
      const updates = channel.call('WatchUpdates', EMPTY, (message) => {
        const isFirst = link === undefined;
        const update = readUpdate(message, epoch);
        link ??= new Link(channel, updates, events);
        link.lastUpdate = performance.now();
        events.onUpdate(update, isFirst);
        settle();
      });
      void updates.ended.then(({ text }) => settle(text));
    });
    if (link !== undefined) return link;
    channel.close();
    throw unreachable(address, failure ?? 'sent nothing');
  }

  /** Asks for the histograms of a task, and of no other from now on; undefined: of none. */
  watch(task: string | undefined): void {
    this.details?.cancel();
    this.details =
      task === undefined
        ? undefined
        : this.channel.call('WatchTaskDetails', taskDetailsRequest(task), (message) =>
            this.events.onDetails(readTaskDetails(message)),
          );
  }

  /** Pauses or resumes the program's subscriber, for all that watch it. @returns why that failed, if it did */
  async setPaused(isPaused: boolean): Promise<string | undefined> {
    const call = this.channel.call(isPaused ? 'Pause' : 'Resume', EMPTY, () => {});
    const timer = setTimeout(() => call.cancel(), ANSWER_TIME);
    const { status, text } = await call.ended;
    clearTimeout(timer);
    return status === 'OK' ? undefined : text;
  }

  /** Breaks the connection where the other side is silent even to a ping. @returns whether it answered */
  async isAlive(): Promise<boolean> {
    const isAlive = await this.channel.ping(ANSWER_TIME);
    if (!isAlive) this.channel.close(`did not answer for ${ANSWER_TIME / 1e3} s`);
    return isAlive;
  }

  close(): void {
    this.channel.close('was left');
  }
}
