type Kind = 'heap' | 'jemalloc' | 'count' | 'contention' | 'java-heap' | 'threads';

/** `heap_v2/524288`: the mean number of bytes between two samples. */
export const JEMALLOC_HEAD = /^heap_v2\/(\d{1,15})$/;

const starts: readonly (readonly [RegExp, Kind])[] = [
  [/^heap profile: *\d+: *\d+ *\[ *\d+: *\d+ *\] *@ *\w+/, 'heap'],
  [JEMALLOC_HEAD, 'jemalloc'],
  [/^\w{1,100} profile: total \d+$/, 'count'],
  [/^--- (?:contention|mutex)/, 'contention'],
  [/^--- heapz \d+ ---/, 'java-heap'],
  [/^--- threadz \d+ ---|^--- Thread [0-9a-f]+ \(name: /, 'threads'],
];

/** By the first line that is neither blank nor a comment. Undefined for other text. */
export function legacyTextKind(lines: readonly string[]): Kind | undefined {
  const first = lines.find((line) => !isSpaceOrComment(line));
  return first === undefined ? undefined : starts.find(([pattern]) => pattern.test(first.trimEnd()))?.[1];
}

function isSpaceOrComment(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}
