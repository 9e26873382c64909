/** Nanoseconds in one unit, by the names that harnesses use; both ways to write the µ. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ps', 1e-3],
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['sec', 1e9],
  ['m', 60e9],
  ['min', 60e9],
  ['h', 3600e9],
]);

/** @returns undefined where it is no unit of time */
export function nanosecondsIn(unit: string): number | undefined {
  return UNITS.get(unit);
}

/** A value in its own unit as one in nanoseconds, where that is a time: `us/iter`, `ns/op` too. */
export function normalized(value: number, unit: string): { readonly value: number; readonly unit: string } {
  const plain = unit.trim().replace(/\/(?:iter|op|call)$/, '');
  const factor = nanosecondsIn(plain);
  if (factor === undefined) return { value, unit: unit.trim() };
  // Not 3463.2000000000003 of 3.4632 µs
  return { value: Number((value * factor).toPrecision(16)), unit: 'ns' };
}

/** Rates are better the bigger they are: `ops/s`, `req/sec`, `MB/s`; of times and counts the smaller is better. */
export function betterOf(unit: string): 'smaller' | 'bigger' {
  return /^[\w%]+\/(?:s|sec|second)$/i.test(unit.trim()) || /^(?:ops|rps|fps|hz)$/i.test(unit.trim())
    ? 'bigger'
    : 'smaller';
}

/** `1,234,567.8`, as Rust and Go tools group digits. */
export function grouped(text: string): number {
  return Number(text.replaceAll(',', ''));
}
