/** What {@link NodeIds.byId} has for an id that no row has. */
export const NO_ROW = -0x80000000;

/** Finds rows by their id: a table where ids are small whole numbers, as V8 gives them. */
export class NodeIds {
  /** Row + 1 by id. */
  private readonly table: Int32Array;
  private readonly others = new Map<number, number>();

  /** @param twice called with a row whose id an earlier row has; throws */
  constructor(ids: Int32Array | Float64Array, twice: (row: number, first: number) => never) {
    const most = ids.length * 4 + 1024;
    let largest = -1;
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id > largest && id < most) largest = id;
    }
    this.table = new Int32Array(Math.floor(largest) + 1);
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      const first = this.row(id);
      if (first >= 0) twice(row, first);
      if (this.isSmall(id)) this.table[id] = row + 1;
      else this.others.set(id, row);
    }
  }

  /** What rows have in a column, by their ids, as far as these are small; {@link NO_ROW} where there is none. */
  byId(column: Int32Array): Int32Array {
    const { table } = this;
    const known = new Int32Array(table.length);
    for (let id = 0; id < known.length; id++) known[id] = table[id] === 0 ? NO_ROW : column[table[id]! - 1]!;
    return known;
  }

  /** -1 where no row has the id. */
  row(id: number): number {
    return this.isSmall(id) ? this.table[id]! - 1 : (this.others.get(id) ?? -1);
  }

  private isSmall(id: number): boolean {
    return id >= 0 && id < this.table.length && Number.isInteger(id);
  }
}
