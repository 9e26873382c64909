const LF = 10;
const CR = 13;

/**
 * Counts server-sent events as bytes come in, cut at any place: an event ends with an empty line, and counts when a line
 * before it has data (comments do not; HTML Living Standard 9.2.6). Lines end with LF, CR LF or CR.
 */
export class EventCounter {
  /** Characters of the line so far; the first one tells a comment. */
  private length = 0;
  private comment = false;
  private filled = false;
  private afterCr = false;
  total = 0;

  /** @returns how many events ended in these bytes */
  count(bytes: Uint8Array, from: number, to: number): number {
    let events = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i];
      if (byte === LF && this.afterCr) {
        this.afterCr = false;
        continue;
      }
      this.afterCr = byte === CR;
      if (byte !== LF && byte !== CR) {
        if (this.length++ === 0) this.comment = byte === 58;
        continue;
      }
      if (this.length > 0) this.filled ||= !this.comment;
      else if (this.filled) {
        events++;
        this.filled = false;
      }
      this.length = 0;
    }
    this.total += events;
    return events;
  }
}
