const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
]);

/**
 * Reads a point in time: `now`, `-90s`, `-15m`, `-1h`, `-2d`, `-1w`, seconds since the epoch, or ISO 8601 (without a zone: UTC).
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined = it is none of these
 */
export function parseTime(text: string, now: number): number | undefined {
  const word = text.trim();
  if (word === 'now') return now;
  const [, amount, unit] = /^-(\d+(?:\.\d+)?)([smhdw])$/.exec(word) ?? [];
  if (unit !== undefined) return now - Number(amount) * UNITS.get(unit)! * 1000;
  if (/^\d{9,10}(?:\.\d+)?$/.test(word)) return Number(word) * 1000;
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(word)) return undefined;
  const iso = word.replace(' ', 'T');
  const time = Date.parse(iso.length > 10 && !/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(time) ? undefined : time;
}
