import { keepThreadOn, type Processors } from '../../processes/processors.ts';
import type { Waiting } from './worker.ts';

/** Of two processes that are measured in turns: 0 = base, 1 = head. */
export type Which = number;

interface Arrival extends Waiting {
  /** Gives it its turn, or tells it that there is none any more. */
  readonly go: (turn: boolean) => void;
}

/** Where one process waits for its turns. */
class Seat {
  private arrived: Arrival | undefined;
  private left = false;
  private heard: (() => void) | undefined;

  /** It waits. @returns whether it has a turn */
  wait(waiting: Waiting): Promise<boolean> {
    return new Promise((go) => {
      this.arrived = { ...waiting, go };
      this.heard?.();
    });
  }

  /** It has ended, or waits no more for another reason. */
  leave(): void {
    this.left = true;
    this.heard?.();
  }

  /** The next time that it waits; undefined = it has ended. */
  async next(): Promise<Arrival | undefined> {
    if (this.arrived === undefined && !this.left) await new Promise<void>((done) => (this.heard = done));
    const { arrived } = this;
    this.arrived = undefined;
    return this.left ? undefined : arrived;
  }
}

/**
 * Has two processes measured a few milliseconds at a time, one after the other on the same processor: what makes that one
 * slower or faster for longer than a turn, such as the other thread of its core or its frequency, is the same for both.
 */
export class TwoInTurns {
  private readonly seats = [new Seat(), new Seat()] as const;
  private readonly order: (round: number) => readonly Which[];

  /** @param order of the two in each round */
  constructor(order: (round: number) => readonly Which[]) {
    this.order = order;
  }

  /** It waits for its next turn. @returns false: there is none any more */
  wait(which: Which, waiting: Waiting): Promise<boolean> {
    return this.seats[which]!.wait(waiting);
  }

  /** It has ended. */
  leave(which: Which): void {
    this.seats[which]!.leave();
  }

  /**
   * Gives turns until both have measured for long enough, or one has ended.
   * @param chance 0 up to, not including, 1: which of several processors it is
   */
  async run(processors: Processors, chance: number): Promise<void> {
    const waiting: (Arrival | undefined)[] = await Promise.all(this.seats.map((seat) => seat.next()));
    await keepTogether(waiting, processors.leastUsed(chance));
    const someWant = (): boolean => waiting.some((one) => one?.over === false);
    for (let round = 0; !waiting.includes(undefined) && someWant(); round++) {
      for (const which of this.order(round)) {
        const one = waiting[which];
        if (one === undefined) break;
        one.go(true);
        waiting[which] = await this.seats[which]!.next();
      }
    }
    for (const one of waiting) one?.go(false);
  }
}

async function keepTogether(waiting: readonly (Waiting | undefined)[], cpu: number | undefined): Promise<void> {
  if (cpu === undefined) return;
  await Promise.all(waiting.map((one) => one && keepThreadOn(cpu, one.pid)));
}
