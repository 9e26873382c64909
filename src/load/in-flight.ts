/** Requests of a connection that wait for their answers, the oldest first: a ring, as answers come in the order of requests. */
export class InFlight {
  private readonly sent: Float64Array;
  private readonly due: Float64Array;
  private readonly which: Int32Array;
  private first = 0;
  /** How many there are. */
  count = 0;

  /** @param room the most that there may be */
  constructor(room: number) {
    this.sent = new Float64Array(room);
    this.due = new Float64Array(room);
    this.which = new Int32Array(room);
  }

  /** How many more there may be. */
  get room(): number {
    return this.sent.length - this.count;
  }

  /** When the oldest was sent: milliseconds of `performance.now()`, as all times here. */
  get sentAt(): number {
    return this.sent[this.first]!;
  }

  /** When the oldest should have been sent. */
  get dueAt(): number {
    return this.due[this.first]!;
  }

  /** Which of the sequence the oldest is. */
  get request(): number {
    return this.which[this.first]!;
  }

  /** Needs `room`. */
  push(sent: number, due: number, request: number): void {
    const end = this.first + this.count++;
    const slot = end < this.sent.length ? end : end - this.sent.length;
    this.sent[slot] = sent;
    this.due[slot] = due;
    this.which[slot] = request;
  }

  /** Forgets the oldest. */
  pop(): void {
    this.first = this.first + 1 === this.sent.length ? 0 : this.first + 1;
    this.count--;
  }
}
