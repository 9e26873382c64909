/** Numbers that are kept of a request. */
const COLUMNS = 3;

/**
 * Requests of a connection that wait for their answers, the oldest first: a ring, as answers come in the order of requests.
 * All of a request stands side by side, so that the processor fetches it at once.
 */
export class InFlight {
  /** When it was sent, when it was due, and which of the sequence it is. */
  private readonly ring: Float64Array;
  private readonly most: number;
  /** Where the oldest begins. */
  private first = 0;
  /** How many there are. */
  count = 0;

  /** @param room the most that there may be */
  constructor(room: number) {
    this.most = room;
    this.ring = new Float64Array(room * COLUMNS);
  }

  /** How many more there may be. */
  get room(): number {
    return this.most - this.count;
  }

  /** When the oldest was sent: milliseconds of `performance.now()`, as all times here. */
  get sentAt(): number {
    return this.ring[this.first]!;
  }

  /** When the oldest should have been sent. */
  get dueAt(): number {
    return this.ring[this.first + 1]!;
  }

  /** Which of the sequence the oldest is. */
  get request(): number {
    return this.ring[this.first + 2]!;
  }

  /** Needs `room`. */
  push(sent: number, due: number, request: number): void {
    const { ring } = this;
    const end = this.first + this.count++ * COLUMNS;
    const slot = end < ring.length ? end : end - ring.length;
    ring[slot] = sent;
    ring[slot + 1] = due;
    ring[slot + 2] = request;
  }

  /** Forgets the oldest. */
  pop(): void {
    this.first = this.first + COLUMNS === this.ring.length ? 0 : this.first + COLUMNS;
    this.count--;
  }
}
