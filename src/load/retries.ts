/** First wait before a connection that failed is tried again, and the longest: milliseconds. */
const RETRY_MS = 20;
const LONGEST_RETRY_MS = 1_000;
/** So many connections in a row may be lost without an answer before there is a wait: some servers reset a few. */
const FREE_RETRIES = 4;

/** How long to wait before a connection that was lost is opened again: longer each time that it comes to nothing. */
export class Retries {
  private failures = 0;
  /** Connections in a row that gave no answer. */
  private barren = 0;

  /** Milliseconds. */
  get wait(): number {
    const misses = Math.max(this.failures, this.barren - FREE_RETRIES);
    return misses <= 0 ? 0 : Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (misses - 1));
  }

  /** It could not be opened. */
  failed(): void {
    this.failures++;
  }

  opened(): void {
    this.failures = 0;
    this.barren++;
  }

  answered(): void {
    this.barren = 0;
  }
}
