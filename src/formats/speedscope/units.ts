import type { ValueType } from '../../profile/profile.ts';
import type { WeightUnit } from '../samples/weight-units.ts';

const time = { type: 'time', unit: 'nanoseconds' };

/** `FileFormat.ValueUnit` of speedscope's file-format-spec.ts. */
export const speedscopeUnits: ReadonlyMap<string, WeightUnit> = new Map([
  ['none', { valueType: { type: 'samples', unit: 'count' }, scale: 1 }],
  ['nanoseconds', { valueType: time, scale: 1 }],
  ['microseconds', { valueType: time, scale: 1e3 }],
  ['milliseconds', { valueType: time, scale: 1e6 }],
  ['seconds', { valueType: time, scale: 1e9 }],
  ['bytes', { valueType: { type: 'space', unit: 'bytes' }, scale: 1 }],
]);

/** The unit that speedscope draws a value type in; counts and what it does not know are `none`. */
export function speedscopeUnit({ unit }: ValueType): string {
  return speedscopeUnits.has(unit) ? unit : 'none';
}
