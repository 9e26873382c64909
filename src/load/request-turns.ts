import type { ConnectionOwner } from './connection-owner.ts';
import type { InFlight } from './in-flight.ts';
import type { RenderedRequest } from './rendered-request.ts';

/** The requests of one connection, in the order of the load's sequence, again and again. */
export class RequestTurns {
  private readonly owner: ConnectionOwner;
  private readonly flight: InFlight;
  private readonly sequence: readonly RenderedRequest[];
  /** Which is next. */
  private turn: number;

  /**
   * @param flight where those that are taken wait for their answers
   * @param first where in the sequence it begins
   */
  constructor(owner: ConnectionOwner, flight: InFlight, first: number) {
    this.owner = owner;
    this.flight = flight;
    this.sequence = owner.share.sequence;
    this.turn = first % this.sequence.length;
  }

  /**
   * @param now when they are sent
   * @param due when they should have been
   * @returns the next `count` requests, bytes as a latin1 string
   */
  take(count: number, now: number, due: number): string {
    let text = this.one(now, due);
    for (let i = 1; i < count; i++) text += this.one(now, due);
    return text;
  }

  private one(now: number, due: number): string {
    const { turn } = this;
    const { pieces } = this.sequence[turn]!;
    this.flight.push(now, due, turn);
    this.turn = turn + 1 === this.sequence.length ? 0 : turn + 1;
    return pieces.length === 1 ? pieces[0]! : pieces.join(String(this.owner.nextId()));
  }
}
