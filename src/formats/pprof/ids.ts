/** Ids are any 64 bits: beyond 2^53 they are bigints. */
export type PprofId = number | bigint;

/** Rows (any numbers from 0 up) by the ids that a file gives them. Most files count from 1: those are looked up by place. */
export class RowsById {
  /** Row + 1 of each small id, 0 = none. */
  readonly small: Int32Array;
  private readonly sparse = new Map<PprofId, number>();

  /** @param rows how many are expected */
  constructor(rows: number) {
    this.small = new Int32Array(rows * 2 + 64);
  }

  /** Of an id that is set twice, the last row counts. */
  set(id: PprofId, row: number): void {
    if (typeof id === 'number' && id < this.small.length) this.small[id] = row + 1;
    else this.sparse.set(id, row);
  }

  /** -1 where there is no row with this id. */
  get(id: PprofId): number {
    if (typeof id === 'number' && id < this.small.length) return this.small[id]! - 1;
    return this.sparse.get(id) ?? -1;
  }
}
