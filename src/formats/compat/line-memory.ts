import { ownCopy } from '../text/own-copy.ts';

/** Lines that are remembered; forgotten all at once where there are more, so that memory has a bound. */
const MOST_LINES = 1 << 19;

interface Known<T> {
  readonly line: string;
  readonly value: T;
  /** What followed it the last time: a caller mostly has the same caller, and comparing is cheaper than hashing. */
  next: Known<T> | undefined;
}

/** What the frame lines of a text mean, each worked out once. */
export class LineMemory<T> {
  private readonly known = new Map<string, Known<T>>();
  private readonly start: Known<T | undefined> = { line: '', value: undefined, next: undefined };
  private last: Known<T | undefined> = this.start;

  /** A new stack begins. */
  restart(): void {
    this.last = this.start;
  }

  /** undefined = not known yet. */
  find(line: string): T | undefined {
    const guess = this.last.next as Known<T> | undefined;
    if (guess !== undefined && guess.line === line) {
      this.last = guess;
      return guess.value;
    }
    const found = this.known.get(line);
    if (found === undefined) return undefined;
    this.last.next = found;
    this.last = found;
    return found.value;
  }

  add(line: string, value: T): T {
    if (this.known.size >= MOST_LINES) this.known.clear();
    const key = ownCopy(line);
    const added: Known<T> = { line: key, value, next: undefined };
    this.known.set(key, added);
    this.last.next = added;
    this.last = added;
    return value;
  }
}
