/** Below this many stacks each is put in its place one by one. */
const FEW = 12;
/** Bits of a key: a double holds such integers exactly. */
const KEY_BITS = 53;

/**
 * The stacks in ascending order of their frames, a caller before its callees: multikey quicksort (Bentley and Sedgewick
 * 1997) without recursion. Stacks lie all over memory, so that several frames of each are fetched at once, as one key.
 * @param frames the stacks one behind the other, root first; all 0 or more
 * @param start where each starts in `frames`, and at last the end
 */
export function sortStacks(frames: Int32Array, start: Int32Array): Int32Array {
  const count = start.length - 1;
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let most = 0;
  for (let i = 0; i < frames.length; i++) if (frames[i]! > most) most = frames[i]!;
  // A frame is a digit from 1 up; 0 is behind the leaf
  const base = most + 2;
  const digits = Math.max(1, Math.floor(KEY_BITS / Math.ceil(Math.log2(base))));
  const keys = new Float64Array(count);
  const todo: number[] = [];
  if (count > 1) sortAt(0, count, 0);
  while (todo.length > 0) {
    const depth = todo.pop()!;
    const to = todo.pop()!;
    const from = todo.pop()!;
    if (to - from < FEW) insertionSort(from, to, depth);
    else partition(from, to, depth);
  }
  return order;

  /** Has stacks sorted that are equal up to a depth. */
  function sortAt(from: number, to: number, depth: number): void {
    for (let i = from; i < to; i++) {
      const stack = order[i]!;
      const end = start[stack + 1]!;
      let at = start[stack]! + depth;
      let key = 0;
      for (let digit = 0; digit < digits; digit++) key = key * base + (at < end ? frames[at++]! + 1 : 0);
      keys[i] = key;
    }
    todo.push(from, to, depth);
  }

  function partition(from: number, to: number, depth: number): void {
    const pivot = middle(keys[from]!, keys[(from + to) >> 1]!, keys[to - 1]!);
    let less = from;
    let more = to;
    for (let i = from; i < more; ) {
      const key = keys[i]!;
      if (key < pivot) swap(less++, i++);
      else if (key > pivot) swap(i, --more);
      else i++;
    }
    if (less - from > 1) todo.push(from, less, depth);
    if (to - more > 1) todo.push(more, to, depth);
    if (pivot % base !== 0 && more - less > 1) sortAt(less, more, depth + digits);
  }

  function swap(i: number, j: number): void {
    const stack = order[i]!;
    order[i] = order[j]!;
    order[j] = stack;
    const key = keys[i]!;
    keys[i] = keys[j]!;
    keys[j] = key;
  }

  function insertionSort(from: number, to: number, depth: number): void {
    for (let i = from + 1; i < to; i++) {
      const stack = order[i]!;
      const key = keys[i]!;
      let j = i;
      for (; j > from; j--) {
        const other = keys[j - 1]!;
        if (key > other || (key === other && !before(stack, order[j - 1]!, depth + digits))) break;
        order[j] = order[j - 1]!;
        keys[j] = other;
      }
      order[j] = stack;
      keys[j] = key;
    }
  }

  function before(a: number, b: number, depth: number): boolean {
    let i = start[a]! + depth;
    let j = start[b]! + depth;
    const endA = start[a + 1]!;
    const endB = start[b + 1]!;
    for (; i < endA && j < endB; i++, j++) if (frames[i] !== frames[j]) return frames[i]! < frames[j]!;
    return i >= endA && j < endB;
  }
}

function middle(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : Math.max(a, c)) : a < c ? a : Math.max(b, c);
}
