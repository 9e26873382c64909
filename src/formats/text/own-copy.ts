/**
 * A copy of a text that was cut out of a larger one. V8 keeps the whole larger text alive for as long as a cut of it
 * (13 characters or more) lives, so a map with one key from each chunk of an input would hold the entire input.
 */
export function ownCopy(cut: string): string {
  return cut.length < 13 ? cut : ` ${cut}`.slice(1);
}
