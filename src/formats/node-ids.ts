import type { NumberList } from './json-list.ts';

const NO_ROW = -0x80000000;

/** Finds rows by their id: a table where ids are small whole numbers, as V8 gives them. */
export class NodeIds {
  /** Row + 1 by id. */
  private readonly table: Int32Array;
  private readonly others = new Map<number, number>();

  /** @param twice called with a row whose id an earlier row has; throws */
  constructor(ids: NumberList, twice: (row: number, first: number) => never) {
    const most = ids.length * 4 + 1024;
    let largest = -1;
    for (let row = 0; row < ids.length; row++) {
      const id = ids.at(row)!;
      if (id > largest && id < most) largest = id;
    }
    this.table = new Int32Array(Math.floor(largest) + 1);
    for (let row = 0; row < ids.length; row++) {
      const id = ids.at(row)!;
      const first = this.row(id);
      if (first >= 0) twice(row, first);
      if (this.isSmall(id)) this.table[id] = row + 1;
      else this.others.set(id, row);
    }
  }

  /**
   * Replaces ids by what their rows have in a column; in place, as there may be millions.
   * @param missing gives what to put for an id that no row has
   */
  replace(ids: Int32Array, column: Int32Array, missing: (at: number, id: number) => number): void {
    const { table } = this;
    const known = new Int32Array(table.length);
    for (let id = 0; id < known.length; id++) known[id] = table[id] === 0 ? NO_ROW : column[table[id]! - 1]!;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const found = id >= 0 && id < known.length ? known[id]! : NO_ROW;
      if (found !== NO_ROW) ids[i] = found;
      else {
        const row = this.row(id);
        ids[i] = row < 0 ? missing(i, id) : column[row]!;
      }
    }
  }

  /** -1 where no row has the id. */
  row(id: number): number {
    return this.isSmall(id) ? this.table[id]! - 1 : (this.others.get(id) ?? -1);
  }

  private isSmall(id: number): boolean {
    return id >= 0 && id < this.table.length && Number.isInteger(id);
  }
}
