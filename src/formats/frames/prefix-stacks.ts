import type { ProfileBuilder } from '../../profile/builder.ts';

/**
 * The builder's stacks for a table of stacks that name their caller's row, in any order.
 * @param prefix the caller's row; -1 for a root
 * @param frame the builder's frame; -1 for a row that is no function: its callees take its caller
 * @param cycle called with the row from which a cycle is reached; throws
 */
export function prefixStacks(
  prefix: Int32Array,
  frame: Int32Array,
  builder: ProfileBuilder,
  cycle: (row: number) => never,
): Int32Array {
  const UNKNOWN = -2;
  const stacks = new Int32Array(prefix.length).fill(UNKNOWN);
  const path: number[] = [];
  for (let row = 0; row < prefix.length; row++) {
    let at = row;
    while (at >= 0 && stacks[at] === UNKNOWN) {
      path.push(at);
      if (path.length > prefix.length) cycle(row);
      at = prefix[at]!;
    }
    let stack = at < 0 ? -1 : stacks[at]!;
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      if (frame[next]! >= 0) stack = builder.stack(stack, frame[next]!);
      stacks[next] = stack;
    }
  }
  return stacks;
}
