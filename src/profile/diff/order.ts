import { type Changes, VERDICTS } from './comparison.ts';
import { isSignificant } from './significant.ts';

/**
 * The rows of a table of changes, most telling first: those that changed significantly by how much they changed, up or
 * down, then all others by the same; equal ones by what they weigh after, then in the order of their rows. Rows that weigh
 * nothing on either side are left out.
 */
export function changesByEffect({ length, before, after, delta, verdict }: Changes): number[] {
  const rank = Uint8Array.from(VERDICTS, (_, index) => (isSignificant(index) ? 0 : 1));
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (before[row]! > 0 || after[row]! > 0) rows.push(row);
  return rows.sort(
    (a, b) =>
      rank[verdict[a]!]! - rank[verdict[b]!]! ||
      Math.abs(delta[b]!) - Math.abs(delta[a]!) ||
      after[b]! - after[a]! ||
      a - b,
  );
}
