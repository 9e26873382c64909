/**
 * Finds files of one checkout in another one: `/ci/main/src/a.js` is `/ci/branch/src/a.js`. A file that only the after
 * side has is taken for the file that only the before side has and whose path ends in most of the same names, at least its
 * own; where two end alike, for neither.
 * @param before files of the before side, as its recordings name them
 * @param after files of the after side
 * @returns for such files of the after side, how the before side names them
 */
export function movedFiles(before: ReadonlySet<string>, after: ReadonlySet<string>): ReadonlyMap<string, string> {
  const left = new Map<string, string[]>();
  for (const file of before) {
    if (after.has(file)) continue;
    const name = lastOf(file);
    const others = left.get(name);
    if (others === undefined) left.set(name, [file]);
    else others.push(file);
  }
  const moved = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const file of after) {
    if (before.has(file)) continue;
    const found = likest(file, left.get(lastOf(file)) ?? []);
    if (found === undefined) continue;
    moved.set(file, found);
    taken.set(found, (taken.get(found) ?? 0) + 1);
  }
  // Two files of one side are never one
  for (const [file, found] of moved) if (taken.get(found)! > 1) moved.delete(file);
  return moved;
}

function likest(file: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const same = sameEnd(file, candidate);
    if (same > most) [best, most] = [candidate, same];
    else if (same === most) best = undefined;
  }
  return best;
}

/** How many names two paths end in alike. */
function sameEnd(one: string, other: string): number {
  const [a, b] = [one.split('/').reverse(), other.split('/').reverse()];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return same;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
