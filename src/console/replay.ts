import { UserError } from '../errors.ts';
import type { Recording } from './recording.ts';
import type { ConsoleSnapshot } from './snapshot.ts';
import type { ConsoleSource, SourceEnd } from './source.ts';

/** Milliseconds between two snapshots that are played: pauses of a recording are cut short. */
const SHORTEST = 40;
const LONGEST = 3_000;
const SLOWEST = 0.125;
const FASTEST = 64;

/** Plays a recording, from any place, at any speed. It begins to play with the first listener. */
export class Replay implements ConsoleSource {
  readonly length: number;
  readonly ended: Promise<SourceEnd>;
  private readonly recording: Recording;
  private listener: ((snapshot: ConsoleSnapshot) => void) | undefined;
  private end: (end: SourceEnd) => void = () => {};
  private timer: NodeJS.Timeout | undefined;
  private at = 0;
  private playing = false;
  private factor = 1;

  constructor(recording: Recording) {
    this.recording = recording;
    this.length = recording.length;
    this.ended = new Promise((done) => {
      this.end = done;
    });
  }

  /** Of the snapshot that was shown last, from 0. */
  get position(): number {
    return this.at;
  }

  get isPlaying(): boolean {
    return this.playing;
  }

  get speed(): number {
    return this.factor;
  }

  onSnapshot(listener: (snapshot: ConsoleSnapshot) => void): void {
    this.listener = listener;
    this.playing = this.length > 1;
    this.show();
  }

  async pause(): Promise<void> {
    this.playing = false;
    clearTimeout(this.timer);
  }

  /** At the end it begins anew. */
  async resume(): Promise<void> {
    if (this.at === this.length - 1) this.at = 0;
    this.playing = this.length > 1;
    this.show();
  }

  /** @param by snapshots; beyond the ends it stays there */
  seek(by: number): void {
    this.at = Math.max(0, Math.min(this.length - 1, this.at + by));
    this.show();
  }

  /** @param factor of the speed so far */
  accelerate(factor: number): void {
    this.factor = Math.max(SLOWEST, Math.min(FASTEST, this.factor * factor));
    this.plan();
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.listener = undefined;
    this.recording.close();
    this.end({ how: 'left', text: `left ${this.recording.path}` });
  }

  private show(): void {
    const snapshot = this.readable();
    if (snapshot !== undefined) this.listener?.(snapshot);
    this.plan();
  }

  /** A broken line costs itself alone: it is shown as what came before it, and says so. */
  private readable(): ConsoleSnapshot | undefined {
    let broken: string | undefined;
    for (let i = this.at; i >= 0; i--) {
      try {
        const snapshot = this.recording.at(i);
        return broken === undefined ? snapshot : { ...snapshot, notes: [...snapshot.notes, broken] };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        broken ??= error.message;
      }
    }
    return undefined;
  }

  private plan(): void {
    clearTimeout(this.timer);
    if (!this.playing) return;
    if (this.at === this.length - 1) {
      this.playing = false;
      const last = this.readable();
      if (last !== undefined) this.listener?.(last);
      return;
    }
    this.timer = setTimeout(() => {
      this.at++;
      this.show();
    }, this.gap() / this.factor);
  }

  private gap(): number {
    try {
      const gap = this.recording.at(this.at + 1).time - this.recording.at(this.at).time;
      return Math.max(SHORTEST, Math.min(LONGEST, gap));
    } catch {
      return SHORTEST;
    }
  }
}
