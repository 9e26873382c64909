/**
 * The noun after a count, in the number that it has there: `1 run`, `2 runs`.
 * @param many of more than one, and of none. Default: with an s
 */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}
