/**
 * What a compact picture holds: the frames row by row from the root, those of a row from left to right. So a zoomed part
 * is one run of every row, found by halving, and what lies under the pointer likewise; no tree is walked.
 *
 *     main;b 2         row 0   all            index  0
 *     main;a 1         row 1   main           index  1             start   0
 *                      row 2   a, b           index  2, 3                  0, 1
 *
 * Weights are whole numbers: multiples of the unit that the data block names. Frames of no weight are those of another
 * view of the same rows; they take no room.
 */
export interface FlameRows {
  /** The first index of every row, and behind them the number of frames. */
  readonly rowStart: Int32Array;
  readonly start: Float64Array;
  readonly weight: Float64Array;
  /** Row of the frame table, -1 for the root `all`. */
  readonly frame: Int32Array;
  /** Index of the frame below, -1 for the root. */
  readonly parent: Int32Array;
  /** Weight of what lies on the frame and is left out. */
  readonly hidden: Float64Array;
}

export function rowCount(rows: FlameRows): number {
  return rows.rowStart.length - 1;
}

/** The row in which a frame lies. */
export function rowOf({ rowStart }: FlameRows, index: number): number {
  let low = 0;
  let high = rowStart.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rowStart[middle]! <= index) low = middle;
    else high = middle;
  }
  return low;
}

/** The first frame of a row that starts at `from` or right of it; the row's end where there is none. */
export function firstFrom({ rowStart, start }: FlameRows, row: number, from: number): number {
  let low = rowStart[row]!;
  let high = rowStart[row + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The frame of a row that covers a point, -1 where nothing does. */
export function frameAt(rows: FlameRows, row: number, at: number): number {
  if (row < 0 || row >= rowCount(rows)) return -1;
  let index = firstFrom(rows, row, at);
  while (index < rows.rowStart[row + 1]! && rows.start[index] === at && rows.weight[index] === 0) index++;
  if (index === rows.rowStart[row + 1] || rows.start[index]! > at) index--;
  if (index < rows.rowStart[row]!) return -1;
  return at < rows.start[index]! + rows.weight[index]! ? index : -1;
}

/** What each frame has of what its function has; the root `all`, which is no function, has `ofRoot`. */
export function ofFrames({ frame }: FlameRows, ofFunction: ArrayLike<number>, ofRoot: number): Int32Array {
  const column = new Int32Array(frame.length);
  for (let i = 0; i < column.length; i++) column[i] = frame[i]! < 0 ? ofRoot : ofFunction[frame[i]!]!;
  return column;
}

/** Weight of each frame itself: less what lies on it, drawn or left out. */
export function selfWeightsOf({ weight, parent, hidden }: FlameRows): Float64Array {
  const self = new Float64Array(weight.length);
  for (let i = 0; i < self.length; i++) self[i] = weight[i]! - hidden[i]!;
  for (let i = 1; i < self.length; i++) self[parent[i]!]! -= weight[i]!;
  return self;
}
