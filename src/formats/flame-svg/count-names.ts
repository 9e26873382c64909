import type { ValueType } from '../../profile/profile.ts';
import { nanosecondsPerUnit } from '../../profile/units.ts';

const SAMPLES: ValueType = { type: 'samples', unit: 'count' };
const BYTES = new Map([
  ['byte', 1],
  ['bytes', 1],
  ['B', 1],
]);
/** Unit names as profiles have them, by nanoseconds. */
const TIME_UNITS = new Map([
  [1, 'nanoseconds'],
  [1e3, 'microseconds'],
  [1e6, 'milliseconds'],
  [1e9, 'seconds'],
]);

/** What a picture counts, by the name that it gives to counts (`--countname`): time and bytes are known, all else is a count. */
export function valueTypeOf(countName: string): ValueType {
  const name = countName.trim();
  if (name === '' || name === 'sample' || name === 'samples') return SAMPLES;
  if (BYTES.has(name)) return { type: 'space', unit: 'bytes' };
  const nanoseconds = nanosecondsPerUnit(name === 'μs' || name === 'µs' ? 'us' : name);
  if (nanoseconds !== undefined) return { type: 'time', unit: TIME_UNITS.get(nanoseconds)! };
  return { type: name, unit: 'count' };
}
