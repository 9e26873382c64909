/** A window, and the time before it, count for so much when the next one comes. */
const FADING = 0.95;
/** So many operations must have been seen before they tell anything. */
const ENOUGH = 10;

/**
 * What part of all operations windows show. Node numbers its operations also while nobody watches, so between two windows there were as many
 * as the numbers have gone on. By the clock it cannot be told: a window that ends with a number of calls is full of work, the time
 * between windows may not be, and a program with hooks in it is slower than without.
 */
export class SeenPart {
  private seen = 0;
  private unseen = 0;
  private last: number | undefined;
  /** What came before the window that is under way is known, so that it counts. */
  private counts = false;

  /** @param id of the first operation of a window */
  begins(id: number): void {
    this.counts = this.last !== undefined;
    if (this.last === undefined) return;
    this.seen *= FADING;
    this.unseen = FADING * this.unseen + Math.max(0, id - this.last - 1);
    this.last = undefined;
  }

  /**
   * A window is over.
   * @param last id of its last operation
   * @param count of those in it that have an id also while nobody watches
   */
  ends(last: number, count: number): void {
    if (this.counts) this.seen += count;
    this.last = last;
  }

  /** Hooks were on for long: what comes now is another matter. */
  forget(last: number): void {
    this.seen = this.unseen = 0;
    this.last = last;
  }

  /** 0 to 1; undefined: that is not known. */
  get part(): number | undefined {
    return this.seen < ENOUGH ? undefined : this.seen / (this.seen + this.unseen);
  }
}

/** Whether somebody else in this thread watches promises, which then have ids. To be asked while our own hooks are off. */
export function arePromisesWatched(): boolean {
  return Object.getOwnPropertySymbols(Promise.resolve()).length > 0;
}
