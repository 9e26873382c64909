const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Rows in the order of their ids, equal ones as they stood (radix sort by 11 bits: millions in a fraction of a second).
 * @param ids whole numbers from 0 to 2^53
 */
export function rowsById(ids: Uint32Array | Float64Array): Uint32Array {
  const { length } = ids;
  let rows = Uint32Array.from({ length }, (_, row) => row);
  let sorted = new Uint32Array(length);
  let largest = 0;
  for (let row = 0; row < length; row++) if (ids[row]! > largest) largest = ids[row]!;
  for (let unit = 1; unit <= largest; unit *= DIGITS) {
    const starts = new Uint32Array(DIGITS + 1);
    const digit = (row: number): number => Math.floor(ids[row]! / unit) % DIGITS;
    for (let row = 0; row < length; row++) starts[digit(row) + 1]!++;
    for (let i = 0; i < DIGITS; i++) starts[i + 1]! += starts[i]!;
    for (const row of rows) sorted[starts[digit(row)]!++] = row;
    [rows, sorted] = [sorted, rows];
  }
  return rows;
}

/**
 * Rows of each group, one behind the other, in the order in which they were given.
 * @param groupOf of each row its group, below `groups`
 * @returns `rows`, and where each group starts among them (groups + 1 numbers)
 */
export function rowsByGroup(
  order: Uint32Array,
  groupOf: Uint32Array,
  groups: number,
): { readonly starts: Uint32Array; readonly rows: Uint32Array } {
  const starts = new Uint32Array(groups + 1);
  for (const row of order) starts[groupOf[row]! + 1]!++;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const rows = new Uint32Array(order.length);
  for (const row of order) rows[next[groupOf[row]!]!++] = row;
  return { starts, rows };
}
