/** Below this many stacks each is put in its place one by one. */
const FEW = 12;
/** In place of a depth: these stacks are equal. */
const EQUAL = -1;
/** Frames of a stack that its first key may hold. */
const FIRST_FRAMES = 16;
/** Marks, one for each frame at each depth, that are kept for first keys. */
const MOST_MARKS = 1 << 22;

/**
 * Puts stacks in ascending order of their frames, a caller before its callees: multikey quicksort (Bentley and Sedgewick
 * 1997) without recursion. Stacks lie all over memory, so that several frames of each are fetched at once, as one key:
 * a number whose digits are frames, from 1 up; 0 is behind the leaf.
 * @param frames the stacks one behind the other, root first; all 0 or more
 * @param start where each starts in `frames`, and at last the end
 * @param sorted gets the stacks' numbers part by part, the least first: while the frames of a part are still in cache
 */
export function sortStacks(
  frames: Int32Array,
  start: Int32Array,
  sorted: (order: Int32Array, from: number, to: number) => void,
): void {
  const count = start.length - 1;
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let most = 0;
  for (let i = 0; i < frames.length; i++) if (frames[i]! > most) most = frames[i]!;
  const base = most + 2;
  let digits = 1;
  while (base ** (digits + 1) <= Number.MAX_SAFE_INTEGER) digits++;
  const first = firstKeys(frames, start, base);
  const keys = first?.keys ?? new Float64Array(count);
  // Where the keys that equal the pivot start and end
  let less = 0;
  let more = 0;
  // The least part last
  const todo: number[] = [];
  if (first !== undefined) todo.push(0, count, 0);
  else if (count > 0) sortAt(0, count, 0);
  while (todo.length > 0) {
    const depth = todo.pop()!;
    const to = todo.pop()!;
    const from = todo.pop()!;
    const level = depth === 0 && first !== undefined ? first : { digits, base };
    if (depth === EQUAL) sorted(order, from, to);
    else if (to - from < FEW) {
      insertionSort(from, to, depth + level.digits);
      sorted(order, from, to);
    } else partition(from, to, depth, level.digits, level.base);
  }

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

  function partition(from: number, to: number, depth: number, keyDigits: number, lastBase: number): void {
    const pivot = middle(keys[from]!, keys[(from + to) >> 1]!, keys[to - 1]!);
    split(from, to, pivot);
    if (to > more) todo.push(more, to, depth);
    if (pivot % lastBase === 0) todo.push(less, more, EQUAL);
    else sortAt(less, more, depth + keyDigits);
    if (less > from) todo.push(from, less, depth);
  }

  /** Nothing may follow the loop: V8 compiles it in its first, long run, and would give that code up at what it then sees. */
  function split(from: number, to: number, pivot: number): void {
    let lower = from;
    let upper = to;
    for (let i = from; i < upper; ) {
      const key = keys[i]!;
      if (key < pivot) swap(lower++, i++);
      else if (key > pivot) swap(i, --upper);
      else i++;
    }
    less = lower;
    more = upper;
  }

  function swap(i: number, j: number): void {
    const stack = order[i]!;
    order[i] = order[j]!;
    order[j] = stack;
    const key = keys[i]!;
    keys[i] = keys[j]!;
    keys[j] = key;
  }

  /** @param depth behind the frames that are in the keys */
  function insertionSort(from: number, to: number, depth: number): void {
    for (let i = from + 1; i < to; i++) {
      const stack = order[i]!;
      const key = keys[i]!;
      let j = i;
      for (; j > from; j--) {
        const other = keys[j - 1]!;
        if (key > other || (key === other && !before(stack, order[j - 1]!, depth))) break;
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

/**
 * Keys of the first frames of stacks. Near the root there are few different ones: a digit only tells those apart that
 * occur at its depth, and so a key holds many.
 * @param base above all frames
 * @returns also how many frames a key holds, and the base of its last digit; undefined where that is not worth it
 */
function firstKeys(frames: Int32Array, start: Int32Array, base: number) {
  const count = start.length - 1;
  const depths = Math.min(FIRST_FRAMES, Math.floor(MOST_MARKS / base));
  if (count < base / 2 || count < FEW || depths < 2) return undefined;
  const marks = new Uint8Array(depths * base);
  for (let stack = 0; stack < count; stack++) {
    const from = start[stack]!;
    const end = Math.min(start[stack + 1]!, from + depths);
    for (let at = from, row = 0; at < end; at++, row += base) marks[row + frames[at]!] = 1;
  }

  const bases: number[] = [];
  const digit = new Int32Array(depths * base);
  for (let depth = 0, product = 1; depth < depths; depth++) {
    let next = 1;
    for (let i = depth * base; i < (depth + 1) * base; i++) if (marks[i] === 1) digit[i] = next++;
    product *= next;
    if (product > Number.MAX_SAFE_INTEGER) break;
    bases.push(next);
  }

  const keys = new Float64Array(count);
  for (let stack = 0; stack < count; stack++) {
    const end = start[stack + 1]!;
    let at = start[stack]!;
    let key = 0;
    for (let depth = 0, row = 0; depth < bases.length; depth++, row += base) {
      key = key * bases[depth]! + (at < end ? digit[row + frames[at++]!]! : 0);
    }
    keys[stack] = key;
  }
  return { keys, digits: bases.length, base: bases.at(-1)! };
}
