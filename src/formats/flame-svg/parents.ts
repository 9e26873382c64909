/** Frames row by row: those of a row from left to right. */
export interface FrameRows {
  /** Rows of the columns that were given, row 0 (the roots) first. */
  readonly order: Int32Array;
  /** Where each row starts in `order`, and at last its length. */
  readonly rowStart: Int32Array;
  /** By place in `order`: the place of the frame below, -1 for a root, and for what lies on nothing. */
  readonly parent: Int32Array;
  /** How many frames lie on nothing. */
  readonly orphans: number;
}

/** Where frames lie, one row a frame. */
export interface Places {
  readonly start: Float64Array;
  readonly width: Float64Array;
  readonly y: Float64Array;
  /** How exact places are: half of the last digit, as it was rounded. 0 = exact. */
  readonly slack: number;
}

/**
 * Finds what lies on what: a frame lies on that of the row below in which its middle is. Places that are written with
 * few digits (px) leave that open where a frame is about as narrow as the last digit; then the counts decide, as those of
 * what lies on a frame are not more than its own.
 * @param counts of each frame
 * @param downwards the roots are on top (icicle)
 */
export function frameRows({ start, width, y, slack }: Places, counts: Float64Array, downwards: boolean): FrameRows {
  const { order, rowStart } = inRows(y, start, downwards);
  const parent = new Int32Array(order.length).fill(-1);
  const rest = Float64Array.from(order, (frame) => counts[frame]!);
  let orphans = 0;
  for (let row = 1; row < rowStart.length - 1; row++) {
    const first = rowStart[row - 1]!;
    const end = rowStart[row]!;
    let below = first;
    for (let i = end; i < rowStart[row + 1]!; i++) {
      const middle = start[order[i]!]! + width[order[i]!]! / 2;
      while (below + 1 < end && start[order[below + 1]!]! <= middle) below++;
      const on = choose(below, middle, counts[order[i]!]!);
      parent[i] = on;
      if (on >= 0) rest[on]! -= counts[order[i]!]!;
      else orphans++;
    }

    function choose(at: number, middle: number, count: number): number {
      const left = start[order[at]!]!;
      const right = left + width[order[at]!]!;
      const within = middle >= left - slack && middle <= right + slack;
      const hasRoom = rest[at]! >= count;
      if (within && (hasRoom || slack === 0)) return at;
      // The edge on which it stands may belong to either neighbour
      if (at > first && middle - left <= 2 * slack && rest[at - 1]! >= count && touches(at - 1, middle)) return at - 1;
      if (at + 1 < end && rest[at + 1]! >= count && touches(at + 1, middle)) return at + 1;
      return within ? at : -1;
    }

    function touches(at: number, middle: number): boolean {
      const left = start[order[at]!]!;
      return middle >= left - 2 * slack && middle <= left + width[order[at]!]! + 2 * slack;
    }
  }
  return { order, rowStart, parent, orphans };
}

/** Frames of one y are a row; the order of the file decides between frames that start at one place. */
function inRows(y: Float64Array, start: Float64Array, downwards: boolean) {
  const heights = [...new Set(y)].sort((a, b) => (downwards ? a - b : b - a));
  const rowOf = new Map(heights.map((height, row) => [height, row]));
  const row = Int32Array.from(y, (height) => rowOf.get(height)!);
  const order = Int32Array.from(row.keys()).sort((a, b) => row[a]! - row[b]! || start[a]! - start[b]! || a - b);
  const rowStart = new Int32Array(heights.length + 1);
  for (const at of row) rowStart[at + 1]!++;
  for (let i = 0; i < heights.length; i++) rowStart[i + 1]! += rowStart[i]!;
  return { order, rowStart };
}
