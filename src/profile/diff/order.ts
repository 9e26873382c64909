import type { Changes } from './comparison.ts';
import { isSignificant } from './significant.ts';

/**
 * The rows of a table of changes, most telling first: those that changed significantly by how much they changed, up or
 * down, then all others by the same; equal ones in the order of their rows. Rows that weigh nothing on either side are
 * left out.
 */
export function changesByEffect({ length, before, after, delta, verdict }: Changes): Int32Array {
  const rows = Int32Array.from({ length }, (_, row) => row).filter((row) => before[row]! > 0 || after[row]! > 0);
  return rows.sort(
    (a, b) =>
      Number(isSignificant(verdict[b]!)) - Number(isSignificant(verdict[a]!)) ||
      Math.abs(delta[b]!) - Math.abs(delta[a]!) ||
      a - b,
  );
}
